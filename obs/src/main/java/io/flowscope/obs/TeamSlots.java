package io.flowscope.obs;

import io.flowscope.obs.teams.TeamTable;
import io.flowscope.tracker.FlowView;
import io.flowscope.tracker.Side;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** A team table together with the slots of its teams' names. Immutable. */
final class TeamSlots {
    private final TeamTable table;
    private final int[] slots;

    TeamSlots(TeamTable table, LabelLimiter names) {
        this.table = table;
        List<String> teams = table.teams();
        slots = new int[teams.size()];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = names.slot(teams.get(i));
        }
    }

    boolean isOf(@Nullable TeamTable other) {
        return table == other;
    }

    /** The table's number of the team that a side's address belongs to, -1 for none. */
    int team(FlowView flow, Side side) {
        return switch (flow.ipVersion()) {
            case 4 -> table.teamOfV4(flow.addressLow(side));
            case 6 -> table.teamOfV6(flow.addressHigh(side), flow.addressLow(side));
            default -> -1;
        };
    }

    /** The slot of a team's name, unknown for none; teams may share {@code other}. */
    int slot(int team) {
        return team < 0 ? LabelLimiter.UNKNOWN : slots[team];
    }
}

package io.flowscope.obs.teams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class TeamsTest {
    @TempDir private Path folder;

    @Test
    void aChangedFileIsTakenAndABadOneIsNot() throws IOException {
        Path file = folder.resolve("teams");
        Files.writeString(file, "10.0.0.0/8 a\n");
        Teams teams = Teams.read(file);
        assertEquals(List.of("a"), teams.table().teams());
        assertFalse(teams.reload());
        Files.writeString(file, "10.0.0.0/8 bb\n");
        assertTrue(teams.reload());
        assertEquals(List.of("bb"), teams.table().teams());
        Files.writeString(file, "nonsense\n");
        assertFalse(teams.reload());
        assertEquals(List.of("bb"), teams.table().teams());
        assertTrue(teams.problem().contains("line 1"), teams.problem());
        Files.delete(file);
        assertFalse(teams.reload());
        assertEquals(List.of("bb"), teams.table().teams());
        Files.writeString(file, "10.0.0.0/8 ccc\n");
        assertTrue(teams.reload());
        assertNull(teams.problem());
    }

    @Test
    void aFirstFileThatIsBadOrMissingIsAnError() throws IOException {
        Path file = folder.resolve("teams");
        assertThrows(IOException.class, () -> Teams.read(file));
        Files.writeString(file, "10.0.0.0/8\n");
        assertThrows(IllegalArgumentException.class, () -> Teams.read(file));
    }
}

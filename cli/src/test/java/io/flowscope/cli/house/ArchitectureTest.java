package io.flowscope.cli.house;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The rules of the house that a compiler does not check. */
@Execution(ExecutionMode.CONCURRENT)
class ArchitectureTest {
    /** What the JDK marks as restricted, by owner. */
    private static final Map<String, Set<String>> RESTRICTED =
            Map.of(
                    "java.lang.foreign.Linker", Set.of("downcallHandle", "upcallStub"),
                    "java.lang.foreign.SymbolLookup", Set.of("libraryLookup"),
                    "java.lang.foreign.MemorySegment", Set.of("reinterpret"),
                    "java.lang.foreign.AddressLayout", Set.of("withTargetLayout"),
                    "java.lang.ModuleLayer$Controller", Set.of("enableNativeAccess"),
                    "java.lang.System", Set.of("load", "loadLibrary"),
                    "java.lang.Runtime", Set.of("load", "loadLibrary"));

    /**
     * A module's root package holds what users touch first: what the rooms below it do together,
     * and the words that all rooms speak in. These words a room may name; whatever else it took
     * from the root would be a way back.
     */
    private static final Set<String> WORDS =
            Set.of(
                    "io.flowscope.tracker.AnomalyKind",
                    "io.flowscope.tracker.FlowRecord",
                    "io.flowscope.tracker.FlowView",
                    "io.flowscope.tracker.Side",
                    "io.flowscope.obs.CaptureNumbers",
                    "io.flowscope.obs.Labels");

    private static JavaClasses all;

    @BeforeAll
    static void readClasses() {
        all =
                new ClassFileImporter()
                        .importPaths(Checkout.MODULES.stream().map(Checkout::classes).toList());
    }

    @Test
    void restrictedCallsAreMadeInBindingsOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.flowscope.bindings..")
                .should()
                .accessTargetWhere(
                        describe("restricted native access", ArchitectureTest::isRestricted))
                .check(all);
    }

    private static boolean isRestricted(JavaAccess<?> access) {
        return RESTRICTED
                .getOrDefault(access.getTargetOwner().getName(), Set.of())
                .contains(access.getTarget().getName());
    }

    @Test
    void theCoreStandsOnTheJdkAlone() {
        classes()
                .that()
                .resideInAnyPackage(
                        "io.flowscope.bindings..",
                        "io.flowscope.capture..",
                        "io.flowscope.tracker..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "javax.crypto..",
                        "javax.net..",
                        "org.jspecify..",
                        "io.flowscope..")
                .check(all);
    }

    @Test
    void trackerAndCaptureMeetInJdkTypesOnly() {
        noClasses()
                .that()
                .resideInAPackage("io.flowscope.tracker..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.flowscope.capture..", "io.flowscope.bindings..", "io.flowscope.obs..")
                .check(all);
        noClasses()
                .that()
                .resideInAnyPackage("io.flowscope.capture..", "io.flowscope.bindings..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.flowscope.tracker..", "io.flowscope.obs..", "io.flowscope.cli..")
                .check(all);
    }

    @Test
    void observabilityKnowsTheTrackerAndNoCapture() {
        noClasses()
                .that()
                .resideInAPackage("io.flowscope.obs..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.flowscope.capture..", "io.flowscope.bindings..", "io.flowscope.cli..")
                .check(all);
    }

    @Test
    void modulesHaveNoCycles() {
        slices().matching("io.flowscope.(*)..").should().beFreeOfCycles().check(all);
    }

    @Test
    void packagesHaveNoCyclesButForTheWordsOfTheRoot() {
        slices().matching("io.flowscope.(**)")
                .should()
                .beFreeOfCycles()
                .ignoreDependency(
                        alwaysTrue(),
                        describe("a word", c -> WORDS.contains(c.getName().split("\\$")[0])))
                .check(all);
    }

    @Test
    void everyWordOfTheRootIsSpokenInARoom() {
        for (String word : WORDS) {
            String rooms = all.get(word).getPackageName() + ".";
            assertTrue(
                    all.get(word).getDirectDependenciesToSelf().stream()
                            .anyMatch(d -> d.getOriginClass().getPackageName().startsWith(rooms)),
                    word + " needs no exception");
        }
    }

    @Test
    void coreModulesRequireNothingAtRunTimeButTheJdk() throws IOException {
        assertEquals(Set.of("java.base"), runtimeRequires("bindings"));
        assertEquals(Set.of("java.base", "io.flowscope.bindings"), runtimeRequires("ffm-capture"));
        assertEquals(Set.of("java.base"), runtimeRequires("tracker"));
    }

    @Test
    void roomsOfTheTrackerThatAreNobodysBusinessAreNotExported() throws IOException {
        Set<String> exported =
                descriptor("tracker").exports().stream()
                        .filter(e -> !e.isQualified())
                        .map(ModuleDescriptor.Exports::source)
                        .collect(Collectors.toSet());
        assertTrue(exported.contains("io.flowscope.tracker"));
        assertTrue(!exported.contains("io.flowscope.tracker.table"), exported::toString);
        assertTrue(!exported.contains("io.flowscope.tracker.tcp"), exported::toString);
    }

    private static Set<String> runtimeRequires(String module) throws IOException {
        return descriptor(module).requires().stream()
                .filter(r -> !r.modifiers().contains(Requires.Modifier.STATIC))
                .map(Requires::name)
                .collect(Collectors.toSet());
    }

    private static ModuleDescriptor descriptor(String module) throws IOException {
        Path file = Checkout.classes(module).resolve("module-info.class");
        try (InputStream in = Files.newInputStream(file)) {
            return ModuleDescriptor.read(in);
        }
    }
}

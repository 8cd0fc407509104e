package io.flowscope.cli.house;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares the public API with the text committed in {@code src/test/api}, so that a change to it
 * shows in review. {@code -Dflowscope.api=update} writes the texts anew.
 */
@Execution(ExecutionMode.CONCURRENT)
class ApiSnapshotTest {
    @ParameterizedTest
    @ValueSource(strings = {"ffm-capture", "tracker", "obs"})
    void publicApiIsTheOneCommitted(String module) throws IOException, ClassNotFoundException {
        Path committed = Checkout.root().resolve("cli/src/test/api/" + module + ".txt");
        String is = String.join("\n", describe(module)) + "\n";
        if (System.getProperty("flowscope.api", "check").equals("update")) {
            Files.createDirectories(committed.getParent());
            Files.writeString(committed, is);
        }
        assertEquals(
                Files.readString(committed),
                is,
                "if the change is meant: mvn -q -pl cli -am test -Dtest=ApiSnapshotTest"
                        + " -Dflowscope.api=update -Dsurefire.failIfNoSpecifiedTests=false");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ffm-capture", "tracker", "obs"})
    void publicApiNamesNoTypeThatIsNotExported(String module)
            throws IOException, ClassNotFoundException {
        Set<String> exported = exportedEverywhere();
        List<String> leaks = new ArrayList<>();
        for (Class<?> type : publicTypes(module)) {
            for (Member member : members(type)) {
                typesOf(member)
                        .map(ApiSnapshotTest::elementType)
                        .filter(t -> t.getName().startsWith("io.flowscope."))
                        .filter(t -> !exported.contains(t.getPackageName()) || !isReachable(t))
                        .forEach(t -> leaks.add(type.getName() + ": " + member + " names " + t));
            }
        }
        assertEquals(List.of(), leaks);
    }

    private static boolean isReachable(Class<?> type) {
        return Modifier.isPublic(type.getModifiers()) || Modifier.isProtected(type.getModifiers());
    }

    private static Class<?> elementType(Class<?> type) {
        return type.isArray() ? elementType(type.getComponentType()) : type;
    }

    private static Stream<Class<?>> typesOf(Member member) {
        return switch (member) {
            case Field f -> Stream.of(f.getType());
            case java.lang.reflect.Method m ->
                    Stream.concat(
                            Stream.of(m.getReturnType()), Arrays.stream(m.getParameterTypes()));
            case Executable e -> Arrays.stream(e.getParameterTypes());
            default -> Stream.of();
        };
    }

    private static Set<String> exportedEverywhere() throws IOException {
        Set<String> packages = new TreeSet<>();
        for (String module : List.of("ffm-capture", "tracker", "obs")) {
            packages.addAll(exports(module));
        }
        return packages;
    }

    private static List<String> describe(String module) throws IOException, ClassNotFoundException {
        List<String> lines = new ArrayList<>();
        for (Class<?> type : publicTypes(module)) {
            String sealed =
                    type.isSealed()
                            ? Arrays.stream(type.getPermittedSubclasses())
                                    .map(Class::getName)
                                    .collect(Collectors.joining(", ", " permits ", ""))
                            : "";
            String parents =
                    Stream.concat(
                                    Stream.ofNullable(type.getGenericSuperclass())
                                            .filter(s -> !s.equals(Object.class)),
                                    Arrays.stream(type.getGenericInterfaces()))
                            .map(java.lang.reflect.Type::getTypeName)
                            .collect(Collectors.joining(", "));
            lines.add(type.toGenericString() + (parents.isEmpty() ? "" : " : " + parents) + sealed);
            members(type).stream()
                    .map(ApiSnapshotTest::text)
                    .sorted()
                    .forEach(m -> lines.add("    " + m));
        }
        return lines;
    }

    private static String text(Member member) {
        String constant = "";
        if (member instanceof Field f
                && Modifier.isStatic(f.getModifiers())
                && (f.getType().isPrimitive() || f.getType() == String.class)) {
            try {
                constant = " = " + f.get(null);
            } catch (IllegalAccessException e) {
                constant = "";
            }
        }
        return switch (member) {
            case Field f -> f.toGenericString() + constant;
            case Executable e -> e.toGenericString();
            default -> member.toString();
        };
    }

    private static List<Member> members(Class<?> type) {
        Stream<Member> own =
                Stream.of(
                                type.getDeclaredFields(),
                                type.getDeclaredConstructors(),
                                type.getDeclaredMethods())
                        .flatMap(Arrays::<AccessibleObject>stream)
                        .map(Member.class::cast);
        return own.filter(m -> !m.isSynthetic())
                .filter(
                        m ->
                                Modifier.isPublic(m.getModifiers())
                                        || (Modifier.isProtected(m.getModifiers())
                                                && !Modifier.isFinal(type.getModifiers())))
                .toList();
    }

    private static List<Class<?>> publicTypes(String module)
            throws IOException, ClassNotFoundException {
        Path classes = Checkout.classes(module);
        Set<String> exported = exports(module);
        List<Class<?>> types = new ArrayList<>();
        for (Path file : Checkout.filesBelow(classes).sorted().toList()) {
            String name =
                    classes.relativize(file)
                            .toString()
                            .replace('/', '.')
                            .replaceAll("\\.class$", "");
            int dot = name.lastIndexOf('.');
            if (!file.toString().endsWith(".class")
                    || dot < 0
                    || !exported.contains(name.substring(0, dot))
                    || name.endsWith("package-info")) {
                continue;
            }
            Class<?> type = Class.forName(name, false, ApiSnapshotTest.class.getClassLoader());
            if (isPublicAllTheWay(type)) {
                types.add(type);
            }
        }
        return types;
    }

    private static boolean isPublicAllTheWay(Class<?> type) {
        return !type.isAnonymousClass()
                && !type.isLocalClass()
                && isReachable(type)
                && (type.getEnclosingClass() == null
                        || isPublicAllTheWay(type.getEnclosingClass()));
    }

    private static Set<String> exports(String module) throws IOException {
        try (InputStream in =
                Files.newInputStream(Checkout.classes(module).resolve("module-info.class"))) {
            return ModuleDescriptor.read(in).exports().stream()
                    .filter(e -> !e.isQualified())
                    .map(ModuleDescriptor.Exports::source)
                    .collect(Collectors.toSet());
        }
    }
}

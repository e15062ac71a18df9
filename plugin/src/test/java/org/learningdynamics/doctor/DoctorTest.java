package org.learningdynamics.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.doctor.Check.Outcome;

class DoctorTest {
    private static final String CUDA = "org/nd4j/linalg/jcublas/JCublasBackend.class";
    private static final String CPU = "org/nd4j/linalg/cpu/nativecpu/CpuBackend.class";
    private static final String BINDINGS = "org/nd4j/linalg/cpu/nativecpu/bindings/linux-x86_64";
    private static final long GIBI = 1L << 30;

    @TempDir Path root;

    @Test
    void examinesThisProcess() {
        List<Check> checks = Doctor.examine();
        assertEquals(
                List.of("java", "backend", "blas"),
                checks.stream().map(Check::name).limit(3).toList());
        assertTrue(find(checks, "backend").observed().contains("1.0.0-M2.1"));
        assertTrue(find(checks, "blas").observed().matches(".* [1-9]\\d* GFLOP/s .*"));
        assertEquals(Outcome.OK, find(checks, "class path").outcome(), checks.toString());
    }

    @Test
    void javaOutsideOfTheTestedRangeIsNamed() throws IOException {
        assertEquals(Outcome.PROBLEM, java("11.0.2").outcome());
        assertEquals(Outcome.PROBLEM, java("1.8.0_292").outcome());
        assertEquals(Outcome.OK, java("17.0.15").outcome());
        assertEquals(Outcome.OK, java("21").outcome());
        assertEquals("Tested on 17 to 21 only.", java("22.0.1").advice());
        assertTrue(java("25").advice().contains("Spark 3.5"));
    }

    @Test
    void codeForAGpuIsThatOfItsMajorVersionUpToItsMinor() {
        for (String known : List.of("3.7", "5.0", "6.1", "7.0", "7.2", "8.0", "8.6", "8.9")) {
            assertTrue(GpuCheck.hasCodeFor(known), known);
        }
        for (String unknown : List.of("3.5", "9.0", "10.0", "12.0")) {
            assertFalse(GpuCheck.hasCodeFor(unknown), unknown);
        }
    }

    @Test
    void aGpuWithoutCodeIsAProblemUntilTheCpuIsPreferred() throws IOException {
        Host host = host(Map.of(), CUDA, CPU);
        Check check = gpu(host, "NVIDIA H200, 9.0");
        assertEquals(Outcome.PROBLEM, check.outcome());
        assertTrue(check.advice().contains("BACKEND_PRIORITY_CPU=1000"), check.advice());
        Host preferred = host(Map.of("BACKEND_PRIORITY_CPU", "1000"), CUDA, CPU);
        assertEquals(Outcome.ADVICE, gpu(preferred, "NVIDIA H200, 9.0").outcome());
        assertEquals(Outcome.OK, gpu(host, "NVIDIA A100, 8.0").outcome());
        assertTrue(gpu(host(Map.of(), CPU), "NVIDIA A100, 8.0").advice().contains("-Pcuda"));
        assertEquals(Outcome.ADVICE, gpu(host, "Tesla, [N/A]").outcome());
    }

    @Test
    void cudaWithoutGpuNeedsTheCpuBackend() throws IOException {
        assertEquals(Outcome.OK, gpu(host(Map.of(), CUDA, CPU)).outcome());
        assertEquals(Outcome.PROBLEM, gpu(host(Map.of(), CUDA)).outcome());
        assertEquals(Outcome.OK, gpu(host(Map.of(), CPU)).outcome());
    }

    @Test
    void vectorInstructionsAreComparedWithTheNativeBuild() throws IOException {
        cpuFlags("fpu sse2 avx2");
        assertEquals(Outcome.OK, vectors(BINDINGS + "-avx2/").outcome());
        assertEquals(Outcome.PROBLEM, vectors(BINDINGS + "-avx512/").outcome());
        Check generic = vectors(BINDINGS + "/");
        assertTrue(generic.advice().contains("linux-x86_64-avx2 of nd4j-native"));
        assertEquals("processor avx2, native build generic", generic.observed());
    }

    @Test
    void productsWithoutTheProcessorsVectorInstructionsAreNamedWithTheirCure() throws IOException {
        cpuFlags("sse2 avx2 fma avx512f avx512cd avx512bw avx512dq avx512vl");
        Check slow = BackendCheck.blas(host(Map.of()), "OPENBLAS", 2, 50);
        assertEquals(Outcome.ADVICE, slow.outcome());
        assertTrue(slow.advice().contains("OPENBLAS_CORETYPE=SkylakeX"), slow.advice());
        assertEquals(Outcome.OK, BackendCheck.blas(host(Map.of()), "OPENBLAS", 2, 90).outcome());
        Host chosen = host(Map.of("OPENBLAS_CORETYPE", "SkylakeX"));
        assertEquals(Outcome.OK, BackendCheck.blas(chosen, "OPENBLAS", 2, 50).outcome());
        assertEquals(Outcome.OK, BackendCheck.blas(host(Map.of()), "MKL", 2, 50).outcome());
        cpuFlags("sse2 avx2 fma avx512f");
        Check other = BackendCheck.blas(host(Map.of()), "OPENBLAS", 1, 20);
        assertTrue(other.advice().contains("OPENBLAS_CORETYPE=Haswell"), other.advice());
    }

    @Test
    void productsOfAnOldProcessorAreSlowOnlyBelowItsOwnLimit() throws IOException {
        cpuFlags("sse2");
        assertEquals(Outcome.OK, BackendCheck.blas(host(Map.of()), "OPENBLAS", 1, 20).outcome());
        Check slow = BackendCheck.blas(host(Map.of()), "OPENBLAS", 2, 15);
        assertEquals(Outcome.ADVICE, slow.outcome());
        assertTrue(slow.advice().contains("(load)"), slow.advice());
    }

    @Test
    void threadsAreLeftAloneWhereTheyAreSet() throws IOException {
        Host unset = host(Map.of(), CPU);
        Host set = host(Map.of("OMP_NUM_THREADS", "4"), CPU);
        assertEquals(Outcome.ADVICE, find(ProcessorCheck.of(unset, 8), "native threads").outcome());
        assertEquals(Outcome.OK, find(ProcessorCheck.of(set, 8), "native threads").outcome());
        assertEquals(Outcome.OK, find(ProcessorCheck.of(unset, 1), "native threads").outcome());
    }

    @Test
    void memoryBeyondTheContainerIsNamed() throws IOException {
        Host host = host(Map.of());
        assertEquals(
                Outcome.OK, MemoryCheck.of(host, 4 * GIBI, 10 * GIBI, 16 * GIBI).get(0).outcome());
        put("sys/fs/cgroup/memory.max", "8589934592\n");
        Check contained = MemoryCheck.of(host, 4 * GIBI, 10 * GIBI, 16 * GIBI).get(0);
        assertEquals(Outcome.ADVICE, contained.outcome());
        assertEquals(
                "heap up to 4096 MiB, native up to 10240 MiB, machine 8192 MiB",
                contained.observed());
        put("sys/fs/cgroup/memory.max", "max\n");
        Check small = MemoryCheck.of(host, 4 * GIBI, 4 * GIBI, 16 * GIBI).get(0);
        assertTrue(small.advice().contains("maxbytes=9830m"), small.advice());
    }

    @Test
    void dearNewMemoryIsNamedOnce() throws IOException {
        Check dear = AllocatorCheck.of(host(Map.of()), 3.6, 0.08);
        assertTrue(dear.advice().contains("glibc.malloc.hugetlb=1"));
        Host tuned = host(Map.of("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1"));
        assertEquals(Outcome.OK, AllocatorCheck.of(tuned, 3.6, 0.08).outcome());
        assertEquals(Outcome.OK, AllocatorCheck.of(host(Map.of()), 0.1, 0.08).outcome());
    }

    @Test
    void vulnerableVersionsAreNamedWithTheirCure() throws IOException {
        put("META-INF/maven/commons-io/commons-io/pom.properties", "version=2.7\n");
        put("org/apache/commons/io/IOUtils.class", "");
        put("META-INF/maven/com.google.code.gson/gson/pom.properties", "version=2.11.0\n");
        put("com/google/gson/Gson.class", "");
        List<Check> checks = ClassPathCheck.of(host(Map.of()));
        assertEquals("commons-io 2.7 (CVE-2024-47554)", checks.get(0).observed());
        assertEquals("Take 2.14.0 or later of commons-io:commons-io.", checks.get(0).advice());
        assertEquals(2, checks.size());
        assertFalse(ClassPathCheck.isBefore("2.14.0", "2.14.0"));
        assertTrue(ClassPathCheck.isBefore("2.9.0", "2.14.0"));
    }

    @Test
    void copiesUnderOtherNamesAreToldAsWhatCannotBeReplaced() throws IOException {
        put("META-INF/maven/commons-io/commons-io/pom.properties", "version=2.5\n");
        List<Check> checks =
                ClassPathCheck.of(host(Map.of(), "org/mlflow_project/google/gson/Gson.class"));
        assertEquals(Outcome.OK, find(checks, "class path").outcome());
        assertEquals(
                "MLflow's client carries gson 2.8.6 and commons-io 2.5 inside",
                find(checks, "shaded libraries").observed());
    }

    private Check java(String version) throws IOException {
        Host host = host(Map.of());
        Host other =
                new Host(
                        name -> Optional.of(name.equals("java.version") ? version : "someone"),
                        host.environment(),
                        root,
                        host.classPath());
        return JavaCheck.of(other).get(0);
    }

    private static Check gpu(Host host, String... lines) {
        return GpuCheck.of(host, () -> List.of(lines)).get(0);
    }

    private Check vectors(String resource) throws IOException {
        return find(ProcessorCheck.of(host(Map.of(), resource), 1), "vector instructions");
    }

    private void cpuFlags(String flags) throws IOException {
        put("proc/cpuinfo", "processor\t: 0\nflags\t\t: " + flags + "\n");
    }

    private static Check find(List<Check> checks, String name) {
        return checks.stream().filter(check -> check.name().equals(name)).findFirst().orElseThrow();
    }

    /** A machine whose class path and file system lie in a folder of the test. */
    private Host host(Map<String, String> environment, String... resources) throws IOException {
        Path classes = Files.createTempDirectory(root, "classes");
        for (String resource : resources) {
            Path path = classes.resolve(resource);
            Files.createDirectories(resource.endsWith("/") ? path : path.getParent());
            if (!resource.endsWith("/")) {
                Files.createFile(path);
            }
        }
        URL[] urls = {classes.toUri().toURL(), root.toUri().toURL()};
        return new Host(
                name -> Optional.empty(),
                name -> Optional.ofNullable(environment.get(name)),
                root,
                new URLClassLoader(urls, null));
    }

    private void put(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}

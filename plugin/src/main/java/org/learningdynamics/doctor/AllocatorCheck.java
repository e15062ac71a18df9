package org.learningdynamics.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What a fresh page of native memory costs: arrays of every step live on them. */
final class AllocatorCheck {
    private static final long VALUES = 1 << 20;
    private static final int ARRAYS = 9;
    private static final double DEAR = 5;
    private static final double NANOS_PER_MILLI = 1e6;

    private AllocatorCheck() {}

    static List<Check> of(Host host) {
        List<INDArray> arrays = new ArrayList<>();
        for (int i = 0; i < ARRAYS; i++) {
            arrays.add(Nd4j.createUninitialized(DataType.FLOAT, VALUES));
        }
        double fresh = medianMillis(arrays);
        double warm = medianMillis(arrays);
        arrays.forEach(INDArray::close);
        return List.of(of(host, fresh, warm));
    }

    private static double medianMillis(List<INDArray> arrays) {
        double[] millis = arrays.stream().mapToDouble(AllocatorCheck::fill).sorted().toArray();
        return millis[millis.length / 2];
    }

    static Check of(Host host, double freshMillis, double warmMillis) {
        String tunables = host.environment().apply("GLIBC_TUNABLES").orElse("");
        String observed =
                String.format(
                        Locale.ROOT,
                        "4 MiB: %.2f ms on new memory, %.2f ms on used; GLIBC_TUNABLES %s",
                        freshMillis,
                        warmMillis,
                        tunables.isEmpty() ? "not set" : tunables);
        if (freshMillis > DEAR * warmMillis && !tunables.contains("hugetlb")) {
            return Check.advice(
                    "native memory",
                    observed,
                    "On glibc, GLIBC_TUNABLES=glibc.malloc.hugetlb=1 in the environment makes new"
                            + " memory cheaper.");
        }
        return Check.ok("native memory", observed);
    }

    private static double fill(INDArray array) {
        long start = System.nanoTime();
        array.assign(1);
        return (System.nanoTime() - start) / NANOS_PER_MILLI;
    }
}

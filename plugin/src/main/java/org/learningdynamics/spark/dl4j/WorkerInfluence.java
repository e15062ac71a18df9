package org.learningdynamics.spark.dl4j;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.influence.InfluenceForm;
import org.learningdynamics.listener.InfluenceDetail;
import org.learningdynamics.listener.InfluenceOptions;
import org.learningdynamics.listener.KernelOptions;
import org.learningdynamics.listener.ResponseSelection;
import org.learningdynamics.listener.RowLayout;

/** {@link InfluenceOptions} on their way to the workers. */
record WorkerInfluence(
        InfluenceForm form,
        RowLayout layout,
        InfluenceDetail detail,
        @Nullable Kernel kernel,
        int maxProbes,
        List<String> kinds,
        long memoryBytes)
        implements Serializable {

    /** {@link KernelOptions}. */
    record Kernel(int draws, int every, long seed) implements Serializable {
        static Kernel of(KernelOptions options) {
            return new Kernel(options.draws(), options.every(), options.seed());
        }
    }

    static WorkerInfluence of(InfluenceOptions options) {
        if (options.exampleIds().isPresent()) {
            throw new IllegalArgumentException(
                    "influence must go without exampleIds, because Spark chooses each worker's"
                            + " batches; examples are known by their content");
        }
        return new WorkerInfluence(
                options.form(),
                options.layout(),
                options.detail(),
                options.kernel().map(Kernel::of).orElse(null),
                options.responses().maxProbes(),
                options.responses().kinds(),
                options.memoryBytes());
    }

    InfluenceOptions options() {
        return new InfluenceOptions(
                form,
                layout,
                detail,
                Optional.empty(),
                Optional.ofNullable(kernel)
                        .map(k -> new KernelOptions(k.draws(), k.every(), k.seed())),
                new ResponseSelection(maxProbes, kinds),
                memoryBytes);
    }
}

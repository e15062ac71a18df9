package org.learningdynamics.listener;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.learningdynamics.influence.GradientInteractions;
import org.learningdynamics.influence.InfluenceForm;

/**
 * How a listener measures which training example moved which response.
 *
 * <p>At each recording that follows an update, the gradients of all probe rows and of all rows of
 * that update's batch are taken at the parameters before it, in one pass each; their products are
 * recorded with the first-order prediction of every response's change and with what really
 * happened.
 *
 * @param form what is meant by influence
 * @param layout which example a row of the batch belongs to
 * @param detail what is recorded besides sums
 * @param exampleIds ids of the examples of the batch that was just learnt, in their order; where
 *     absent, an example gets its id from its content, and a line in the run file
 * @param kernel whether and how the kernel is measured
 * @param responses those that influence is measured on
 * @param memoryBytes for explicit gradients
 */
public record InfluenceOptions(
        InfluenceForm form,
        RowLayout layout,
        InfluenceDetail detail,
        Optional<Supplier<List<Long>>> exampleIds,
        Optional<KernelOptions> kernel,
        ResponseSelection responses,
        long memoryBytes) {
    /**
     * Checks the memory.
     *
     * @param form what is meant by influence
     * @param layout which example a row belongs to
     * @param detail what is recorded besides sums
     * @param exampleIds ids of the batch's examples
     * @param kernel whether and how the kernel is measured
     * @param responses those that influence is measured on
     * @param memoryBytes at least 1 MiB
     * @throws IllegalArgumentException if there is less memory
     */
    public InfluenceOptions {
        if (memoryBytes < 1 << 20) {
            throw new IllegalArgumentException("memoryBytes must be >= 1 MiB, got " + memoryBytes);
        }
    }

    /**
     * The defaults: terms of the update, a row an example, sums over layers and tokens, ids from
     * contents.
     *
     * @return the options
     */
    public static InfluenceOptions defaults() {
        return new InfluenceOptions(
                InfluenceForm.UPDATE,
                RowLayout.EXAMPLES,
                InfluenceDetail.SUMS,
                Optional.empty(),
                Optional.empty(),
                ResponseSelection.ALL,
                GradientInteractions.DEFAULT_MEMORY_BYTES);
    }

    /**
     * The same with another form.
     *
     * @param other what is meant by influence
     * @return new options
     */
    public InfluenceOptions withForm(InfluenceForm other) {
        return new InfluenceOptions(
                other, layout, detail, exampleIds, kernel, responses, memoryBytes);
    }

    /**
     * The same with another layout.
     *
     * @param other which example a row belongs to
     * @return new options
     */
    public InfluenceOptions withLayout(RowLayout other) {
        return new InfluenceOptions(
                form, other, detail, exampleIds, kernel, responses, memoryBytes);
    }

    /**
     * The same with more detail.
     *
     * @param other what is recorded besides sums
     * @return new options
     */
    public InfluenceOptions withDetail(InfluenceDetail other) {
        return new InfluenceOptions(
                form, layout, other, exampleIds, kernel, responses, memoryBytes);
    }

    /**
     * The same with the user's own ids.
     *
     * @param ids asked after each update that is recorded, on the training thread; gives one id an
     *     example of its batch
     * @return new options
     */
    public InfluenceOptions withExampleIds(Supplier<List<Long>> ids) {
        return new InfluenceOptions(
                form, layout, detail, Optional.of(ids), kernel, responses, memoryBytes);
    }

    /**
     * The same with the kernel: its blocks or estimates, and how far it drifts from what it was at
     * the first recording.
     *
     * @param options how
     * @return new options
     */
    public InfluenceOptions withKernel(KernelOptions options) {
        return new InfluenceOptions(
                form, layout, detail, exampleIds, Optional.of(options), responses, memoryBytes);
    }

    /**
     * The same on fewer responses.
     *
     * @param selection which
     * @return new options
     */
    public InfluenceOptions withResponses(ResponseSelection selection) {
        return new InfluenceOptions(
                form, layout, detail, exampleIds, kernel, selection, memoryBytes);
    }

    /**
     * The same with another memory limit.
     *
     * @param bytes for explicit gradients, at least 1 MiB
     * @return new options
     * @throws IllegalArgumentException if there is less
     */
    public InfluenceOptions withMemoryBytes(long bytes) {
        return new InfluenceOptions(form, layout, detail, exampleIds, kernel, responses, bytes);
    }
}

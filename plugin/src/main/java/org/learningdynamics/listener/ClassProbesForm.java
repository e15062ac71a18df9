package org.learningdynamics.listener;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.learningdynamics.model.ModelInput;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What {@link ClassProbes} are when serialised: what their builder was told.
 *
 * @param features one array a model input // each [N, …]
 * @param masks one a feature array, or none // each [N, T]
 * @param labels classes // [N, 1] or [N, T]
 * @param classNames names by class index, empty if there are none
 * @param kinds which classes are recorded
 * @param setName name of the set
 * @param batchSize examples of one forward pass at most
 */
record ClassProbesForm(
        List<INDArray> features,
        List<INDArray> masks,
        List<int[]> labels,
        List<String> classNames,
        ClassKinds kinds,
        String setName,
        int batchSize)
        implements Serializable {

    /** With the arrays, which the batches hold. */
    ClassProbesForm filled(List<ProbeBatch> batches) {
        return new ClassProbesForm(
                joined(batches, ModelInput::features),
                joined(batches, ModelInput::masks),
                labels,
                classNames,
                kinds,
                setName,
                batchSize);
    }

    private static List<INDArray> joined(
            List<ProbeBatch> batches, Function<ModelInput, List<INDArray>> part) {
        List<INDArray> arrays = new ArrayList<>();
        int count = part.apply(batches.get(0).input()).size();
        for (int i = 0; i < count; i++) {
            int input = i;
            arrays.add(
                    Nd4j.concat(
                            0,
                            batches.stream()
                                    .map(batch -> part.apply(batch.input()).get(input))
                                    .toArray(INDArray[]::new)));
        }
        return arrays;
    }

    private Object readResolve() {
        ClassProbes.Builder builder =
                ClassProbes.builder(features.toArray(new INDArray[0]))
                        .masks(masks.toArray(new INDArray[0]))
                        .labelsPerPosition(labels.toArray(new int[0][]))
                        .kinds(kinds)
                        .setName(setName)
                        .batchSize(batchSize);
        return (classNames.isEmpty()
                        ? builder
                        : builder.classNames(classNames.toArray(new String[0])))
                .build();
    }
}

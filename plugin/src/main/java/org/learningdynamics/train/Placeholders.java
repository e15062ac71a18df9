package org.learningdynamics.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** A batch's arrays by the placeholders that a training configuration maps them to. */
final class Placeholders {
    private Placeholders() {}

    static Map<String, INDArray> of(TrainingConfig configuration, MultiDataSet batch) {
        Map<String, INDArray> all = new HashMap<>();
        put(all, "feature", configuration.getDataSetFeatureMapping(), batch.getFeatures());
        put(all, "label", configuration.getDataSetLabelMapping(), batch.getLabels());
        putMasks(all, configuration.getDataSetFeatureMaskMapping(), batch.getFeaturesMaskArrays());
        putMasks(all, configuration.getDataSetLabelMaskMapping(), batch.getLabelsMaskArrays());
        if (all.isEmpty()) {
            throw new IllegalStateException(
                    "the training configuration must map arrays to placeholders, maps none");
        }
        return all;
    }

    private static void put(
            Map<String, INDArray> all,
            String what,
            @Nullable List<String> names,
            INDArray @Nullable [] arrays) {
        int wanted = names == null ? 0 : names.size();
        int given = arrays == null ? 0 : arrays.length;
        if (wanted != given) {
            throw new IllegalStateException(
                    "a batch must have the "
                            + wanted
                            + " "
                            + what
                            + " arrays of the training configuration, got "
                            + given);
        }
        for (int i = 0; names != null && arrays != null && i < wanted; i++) {
            all.put(names.get(i), arrays[i]);
        }
    }

    private static void putMasks(
            Map<String, INDArray> all, @Nullable List<String> names, INDArray @Nullable [] arrays) {
        for (int i = 0; names != null && i < names.size(); i++) {
            @Nullable String name = names.get(i);
            if (name != null && arrays != null && i < arrays.length) {
                all.put(name, arrays[i]);
            }
        }
    }

    /** All arrays of a batch. */
    static List<INDArray> arrays(MultiDataSet batch) {
        List<INDArray> all = new ArrayList<>(Arrays.asList(batch.getFeatures()));
        addAll(all, batch.getLabels());
        addAll(all, batch.getFeaturesMaskArrays());
        addAll(all, batch.getLabelsMaskArrays());
        return all;
    }

    private static void addAll(List<INDArray> all, INDArray @Nullable [] arrays) {
        if (arrays != null) {
            all.addAll(Arrays.asList(arrays));
        }
    }
}

package org.learningdynamics.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Masks as the host has them, with null for none, and as we have them. */
final class Masks {
    private Masks() {}

    static List<Optional<INDArray>> optional(@Nullable INDArray @Nullable [] masks, int count) {
        List<Optional<INDArray>> all = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            all.add(masks == null ? Optional.empty() : Optional.ofNullable(masks[i]));
        }
        return all;
    }

    static @Nullable INDArray @Nullable [] nullable(List<Optional<INDArray>> masks) {
        if (masks.stream().noneMatch(Optional::isPresent)) {
            return null;
        }
        @Nullable INDArray[] all = new INDArray[masks.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = masks.get(i).orElse(null);
        }
        return all;
    }
}

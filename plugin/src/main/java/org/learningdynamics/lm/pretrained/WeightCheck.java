package org.learningdynamics.lm.pretrained;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.learningdynamics.lm.HeadKind;
import org.learningdynamics.safetensors.TensorInfo;

/** Compares what a checkpoint's files hold with what its configuration calls for. */
final class WeightCheck {
    private final PretrainedConfig config;
    private final Map<String, TensorInfo> tensors;
    private final List<String> missing = new ArrayList<>();
    private final List<String> misshaped = new ArrayList<>();
    private final Set<String> surplus;

    WeightCheck(PretrainedConfig config, Map<String, TensorInfo> tensors) {
        this.config = config;
        this.tensors = tensors;
        surplus = new LinkedHashSet<>(tensors.keySet());
    }

    /** Names everything that is wrong in one exception. */
    void check(List<TensorView> views) throws PretrainedException {
        views.forEach(this::compare);
        surplus.removeIf(this::isNoWeight);
        List<String> problems = new ArrayList<>();
        add(problems, "missing", missing);
        add(problems, "surplus", List.copyOf(surplus));
        add(problems, "of another shape or type", misshaped);
        if (!problems.isEmpty()) {
            throw new PretrainedException(
                    config.folder(),
                    "weights must be those of config.json; " + String.join("; ", problems));
        }
    }

    private void compare(TensorView view) {
        TensorInfo tensor = tensors.get(view.tensor());
        surplus.remove(view.tensor());
        if (tensor == null) {
            missing.add(view.tensor());
        } else if (!tensor.shape().equals(view.shape()) || !tensor.type().isReadable()) {
            misshaped.add(
                    "%s is %s %s, not %s"
                            .formatted(view.tensor(), tensor.type(), tensor.shape(), view.shape()));
        }
    }

    private boolean isNoWeight(String tensor) {
        boolean isTiedHead =
                config.decoder().head() == HeadKind.TIED
                        && tensor.equals(config.family().head() + WeightReader.WEIGHT);
        return isTiedHead || config.family().isTable(tensor);
    }

    private static void add(List<String> problems, String kind, List<String> names) {
        if (!names.isEmpty()) {
            problems.add(names.size() + " " + kind + ": " + Names.some(names));
        }
    }
}

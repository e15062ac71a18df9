package org.learningdynamics.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What goes through a network in one pass.
 *
 * @param features one array a network input // each [N, …]
 * @param featureMasks one entry a network input
 * @param labelMasks one entry a network output
 */
record NetworkRun(
        List<INDArray> features,
        List<Optional<INDArray>> featureMasks,
        List<Optional<INDArray>> labelMasks) {

    private int rows() {
        return Math.toIntExact(features.get(0).size(0));
    }

    /**
     * Runs it.
     *
     * @param trained see {@link Pass}
     * @param ends places to run
     * @param starts from the watched logits, where the way back starts, by place // [N·T, V]
     */
    RowPass through(
            NetworkShadow network,
            PassWorkspace workspace,
            boolean trained,
            List<Integer> ends,
            Function<INDArray, Map<Integer, NetworkTape.Start>> starts) {
        return workspace.inside(
                () -> {
                    try (RowFactors factors = new RowFactors(rows())) {
                        Pass pass = new Pass(workspace.manager(), factors, trained);
                        return through(network, pass, ends, starts);
                    } finally {
                        network.clear();
                    }
                });
    }

    private RowPass through(
            NetworkShadow network,
            Pass pass,
            List<Integer> ends,
            Function<INDArray, Map<Integer, NetworkTape.Start>> starts) {
        List<INDArray> typed =
                features.stream().map(array -> array.castTo(network.dataType())).toList();
        network.begin(typed, featureMasks, labelMasks);
        network.tape().forward(typed, ends, pass);
        INDArray logits = logits(network);
        network.tape().backward(starts.apply(logits), pass);
        INDArray own = PassWorkspace.outside(() -> logits.dup('c'));
        Optional<INDArray> residuals =
                pass.trained() ? Optional.of(residuals(network)) : Optional.empty();
        return new RowPass(own, pass.factors().gradients(), residuals, Optional.empty());
    }

    private INDArray residuals(NetworkShadow network) {
        INDArray inside = network.tape().output(network.watched()).residuals();
        INDArray outside = LogitSeeds.outside(inside, rows());
        return PassWorkspace.outside(() -> outside.dup('c'));
    }

    private INDArray logits(NetworkShadow network) {
        INDArray inside = network.tape().output(network.watched()).logits();
        return LogitSeeds.outside(inside, rows());
    }
}

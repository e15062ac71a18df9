package org.learningdynamics.influence;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Inner products of gradients with respect to one parameter. */
final class ParameterInteraction implements AutoCloseable {
    private final FactoredGradient learnt;
    private final double learntScale;
    private final InfluenceForm form;
    private final ParameterDirections directions;
    private final ExplicitGradients explicit;

    ParameterInteraction(
            FactoredGradient learnt,
            double learntScale,
            @Nullable ParameterUpdate update,
            InfluenceForm form,
            long memoryBytes,
            KeptMemory memory) {
        this.learnt = learnt;
        this.learntScale = learntScale;
        this.form = form;
        directions = new ParameterDirections(learnt.parameter(), update);
        explicit =
                new ExplicitGradients(
                        learnt,
                        directions,
                        form == InfluenceForm.UPDATE && directions.isPreconditioned(),
                        memoryBytes,
                        memory);
    }

    /** Adds what learnt rows are to each other. */
    void addLearnt(double[][] gram, double[] squares) {
        double scale = learntScale * learntScale;
        double gramScale = form == InfluenceForm.UPDATE ? scale * directions.scale() : scale;
        if (isPreconditioned() || !GramProducts.isCheaper(learnt, learnt, 0)) {
            explicit.learnt(
                    (i, j, plain, moved) -> {
                        gram[i][j] += gramScale * moved;
                        if (i == j) {
                            squares[i] += scale * plain;
                        }
                    });
            return;
        }
        double[][] products = GramProducts.of(learnt, learnt);
        for (int i = 0; i < squares.length; i++) {
            squares[i] += scale * products[i][i];
            for (int j = 0; j < squares.length; j++) {
                gram[i][j] += gramScale * products[i][j];
            }
        }
    }

    /** Adds what learnt rows and the update are to observed rows. */
    void add(
            FactoredGradient observed,
            double[][] pairs,
            double[] predicted,
            Directions sums,
            double[] squares) {
        int parts = directions.matrices().size();
        if (isPreconditioned() || !GramProducts.isCheaper(observed, learnt, parts)) {
            explicit.observed(observed, new Sink(pairs, predicted, sums, squares));
        } else {
            addByGrams(observed, new Sink(pairs, predicted, sums, squares));
        }
    }

    private void addByGrams(FactoredGradient observed, Sink sink) {
        double[][] products = GramProducts.of(observed, learnt);
        double[] own = GramProducts.squares(observed);
        for (int row = 0; row < own.length; row++) {
            sink.square(row, own[row]);
            for (int i = 0; i < products[row].length; i++) {
                sink.pair(row, i, products[row][i]);
            }
        }
        for (Map.Entry<UpdatePart, INDArray> part : directions.matrices().entrySet()) {
            for (GradientFactor factor : observed.factors()) {
                double[] along = factor.along(part.getValue());
                for (int row = 0; row < along.length; row++) {
                    sink.direction(part.getKey(), row, along[row]);
                }
            }
        }
    }

    private boolean isPreconditioned() {
        return form == InfluenceForm.UPDATE && directions.isPreconditioned();
    }

    @Override
    public void close() {
        directions.close();
        explicit.close();
    }

    /** Takes products, scaled and added to where they belong. */
    final class Sink {
        private final double[][] pairs;
        private final double[] predicted;
        private final Directions sums;
        private final double[] squares;
        private final double pairScale;

        private Sink(double[][] pairs, double[] predicted, Directions sums, double[] squares) {
            this.pairs = pairs;
            this.predicted = predicted;
            this.sums = sums;
            this.squares = squares;
            pairScale =
                    form == InfluenceForm.UPDATE ? -learntScale * directions.scale() : learntScale;
        }

        void pair(int observed, int row, double product) {
            pairs[observed][row] += pairScale * product;
        }

        void direction(UpdatePart part, int observed, double product) {
            if (part == UpdatePart.STEP) {
                predicted[observed] += product;
            } else {
                sums.add(part, observed, product);
            }
        }

        void square(int observed, double value) {
            squares[observed] += value;
        }
    }
}

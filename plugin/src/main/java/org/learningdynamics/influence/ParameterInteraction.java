package org.learningdynamics.influence;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Inner products of gradients with respect to one parameter. */
final class ParameterInteraction implements AutoCloseable {
    private final FactoredGradient learnt;
    private final double learntScale;
    private final InfluenceForm form;
    private final ParameterDirections directions;
    private final ExplicitGradients explicit;
    private boolean isLearntMet;

    ParameterInteraction(
            FactoredGradient learnt,
            double learntScale,
            @Nullable ParameterUpdate update,
            InfluenceForm form,
            BlockMemory memory) {
        this.learnt = learnt;
        this.learntScale = learntScale;
        this.form = form;
        directions = new ParameterDirections(learnt.parameter(), update);
        explicit = new ExplicitGradients(learnt, directions, isPreconditioned(), memory);
    }

    /** Adds what learnt rows are to each other, unless that was added before. */
    void addLearnt(LearntSums all) {
        if (isLearntMet) {
            return;
        }
        LearntSums own = new LearntSums(learnt.rows());
        if (isLearntExplicit()) {
            explicit.learnt(own);
        } else {
            double[][] products = GramProducts.of(learnt, learnt);
            for (int i = 0; i < products.length; i++) {
                own.squares()[i] = products[i][i];
                own.gram()[i] = products[i];
            }
        }
        met(own, all);
    }

    private void met(LearntSums own, LearntSums all) {
        double scale = learntScale * learntScale;
        double gramScale = form == InfluenceForm.UPDATE ? scale * directions.scale() : scale;
        all.add(own, gramScale, scale);
        isLearntMet = true;
    }

    /** Adds what learnt rows and the update are to observed rows. */
    void add(FactoredGradient observed, Sink sink, LearntSums all) {
        int parts = directions.parts().size();
        if (!isPreconditioned() && GramProducts.isCheaper(observed, learnt, parts)) {
            addByGrams(observed, sink);
        } else if (!isLearntMet && isLearntExplicit()) {
            LearntSums own = new LearntSums(learnt.rows());
            explicit.observed(observed, sink, Optional.of(own));
            met(own, all);
        } else {
            explicit.observed(observed, sink, Optional.empty());
        }
    }

    private boolean isLearntExplicit() {
        return isPreconditioned() || !GramProducts.isCheaper(learnt, learnt, 0);
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
        for (UpdatePart part : directions.parts()) {
            for (GradientFactor factor : observed.factors()) {
                double[] along = directions.along(part, factor, learnt.parameter());
                for (int row = 0; row < along.length; row++) {
                    sink.direction(part, row, along[row]);
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

    /** Where products with a batch of observed rows are added, scaled. */
    Sink sink(double[][] pairs, double[] predicted, Directions sums, double[] squares) {
        return new Sink(pairs, predicted, sums, squares);
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

        /** A product with a part as the directions write it. */
        void direction(UpdatePart part, int observed, double product) {
            if (part == UpdatePart.STEP) {
                predicted[observed] += product;
            } else {
                sums.add(part, observed, directions.scale(part) * product);
            }
        }

        void square(int observed, double value) {
            squares[observed] += value;
        }
    }
}

package org.learningdynamics.influence;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Inner products of gradients with respect to one parameter. */
final class ParameterInteraction implements AutoCloseable {
    private final Setting setting;
    private final int rows;
    private final Optional<FactoredGradient> learnt; // none if its rows are gathered
    private final Optional<GatheredSide> gathered;
    private final ParameterDirections directions;
    private final ExplicitGradients explicit;
    private boolean isLearntMet;

    /** What holds for every parameter. */
    record Setting(double learntScale, InfluenceForm form, BlockMemory memory) {}

    private ParameterInteraction(
            FactoredGradient like,
            Optional<FactoredGradient> learnt,
            int rows,
            @Nullable ParameterUpdate update,
            Setting setting) {
        this.setting = setting;
        this.rows = rows;
        this.learnt = learnt;
        directions = new ParameterDirections(like.parameter(), update);
        BlockMemory memory = setting.memory();
        boolean moved = isPreconditioned();
        gathered =
                learnt.isPresent()
                        ? Optional.empty()
                        : Optional.of(
                                new GatheredSide(rows, like.type(), directions, moved, memory));
        LearntSide side =
                gathered.isPresent()
                        ? gathered.get()
                        : new FactoredSide(like, directions, moved, memory);
        explicit = new ExplicitGradients(like.parameter(), side, like.type(), memory);
    }

    /** Of factors that are there as long as this is. */
    static ParameterInteraction of(
            FactoredGradient learnt, @Nullable ParameterUpdate update, Setting setting) {
        return new ParameterInteraction(
                learnt, Optional.of(learnt), learnt.rows(), update, setting);
    }

    /** Of rows that are gathered, of a parameter like the one given. */
    static ParameterInteraction gathering(
            FactoredGradient like, int rows, @Nullable ParameterUpdate update, Setting setting) {
        return new ParameterInteraction(like, Optional.empty(), rows, update, setting);
    }

    /** Takes rows that come after as many others. */
    void gather(FactoredGradient some, int first) {
        GatheredSide side = gathered.orElseThrow();
        FactoredGradient trimmed = some.trimmed();
        for (GradientBlock block : explicit.blocks(some.rows())) {
            side.gather(trimmed, block, first);
        }
    }

    /** Adds what learnt rows are to each other, unless that was added before. */
    void addLearnt(LearntSums all) {
        if (isLearntMet) {
            return;
        }
        LearntSums own = new LearntSums(rows);
        if (isLearntExplicit()) {
            explicit.learnt(own);
        } else {
            double[][] products = GramProducts.of(learnt.orElseThrow(), learnt.orElseThrow());
            for (int i = 0; i < products.length; i++) {
                own.squares()[i] = products[i][i];
                own.gram()[i] = products[i];
            }
        }
        met(own, all);
    }

    private void met(LearntSums own, LearntSums all) {
        double scale = setting.learntScale() * setting.learntScale();
        double gramScale =
                setting.form() == InfluenceForm.UPDATE ? scale * directions.scale() : scale;
        all.add(own, gramScale, scale);
        isLearntMet = true;
    }

    /** Adds what learnt rows and the update are to observed rows. */
    void add(FactoredGradient observed, Sink sink, LearntSums all) {
        if (isByGrams(observed)) {
            addByGrams(observed, learnt.orElseThrow(), sink);
        } else if (!isLearntMet && isLearntExplicit()) {
            LearntSums own = new LearntSums(rows);
            explicit.observed(observed, sink, Optional.of(own));
            met(own, all);
        } else {
            explicit.observed(observed, sink, Optional.empty());
        }
    }

    private boolean isByGrams(FactoredGradient observed) {
        int parts = directions.parts().size();
        return !isPreconditioned()
                && learnt.isPresent()
                && GramProducts.isCheaper(observed, learnt.get(), parts);
    }

    private boolean isLearntExplicit() {
        return isPreconditioned()
                || learnt.isEmpty()
                || !GramProducts.isCheaper(learnt.get(), learnt.get(), 0);
    }

    private void addByGrams(FactoredGradient observed, FactoredGradient learnt, Sink sink) {
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
                double[] along = directions.along(part, factor, observed.parameter());
                for (int row = 0; row < along.length; row++) {
                    sink.direction(part, row, along[row]);
                }
            }
        }
    }

    private boolean isPreconditioned() {
        return setting.form() == InfluenceForm.UPDATE && directions.isPreconditioned();
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
                    setting.form() == InfluenceForm.UPDATE
                            ? -setting.learntScale() * directions.scale()
                            : setting.learntScale();
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

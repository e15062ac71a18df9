package org.learningdynamics.loss;

import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.learningdynamics.measure.ResponseScores;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * A weighted sum of losses, {@code ℓ = Σ_k w_k·ℓ_k}, such as {@code dpo+0.2*bco+sft}. Coefficients
 * add up likewise.
 *
 * <p>A sum that holds a {@link PairwiseLoss}, or response losses that look at different responses
 * of pairs, is a loss on pairs: its batches hold 2P rows, an example is a pair, and each response
 * loss sees the rows of its {@link ResponseLoss#pairRows()} (with chosen ones labelled desirable),
 * the mean over its rows counting as a pair's share. Any other sum is a loss on single responses
 * and all its terms see every row.
 *
 * <p>The name is the sum as {@link Losses} reads it; the parameters of a term stand behind its name
 * and a dot, as in {@code dpo.beta}.
 *
 * @param terms at least one, no loss twice, no sums
 */
public record WeightedLoss(List<Term> terms) implements Loss {
    /**
     * One loss of the sum.
     *
     * @param weight w &gt; 0
     * @param loss what is weighted
     */
    public record Term(double weight, Loss loss) {
        /**
         * Checks.
         *
         * @param weight finite and above 0
         * @param loss anything but a sum
         */
        public Term {
            Arguments.requirePositive("weight of " + loss.name(), weight);
            if (loss instanceof WeightedLoss) {
                throw new IllegalArgumentException(
                        "a term must not be a sum itself, got " + loss.name());
            }
        }

        String text() {
            return weight == 1 ? loss.name() : weight + "*" + loss.name();
        }
    }

    /**
     * Checks and copies.
     *
     * @param terms at least one, of different names
     */
    public WeightedLoss {
        terms = List.copyOf(terms);
        if (terms.isEmpty()) {
            throw new IllegalArgumentException("a weighted loss must have terms, got none");
        }
        Set<String> names = new HashSet<>();
        for (Term term : terms) {
            if (!names.add(term.loss().name())) {
                throw new IllegalArgumentException(
                        "each loss must stand in a sum once, got " + term.loss().name() + " twice");
            }
        }
    }

    @Override
    public String name() {
        return terms.stream().map(Term::text).collect(Collectors.joining("+"));
    }

    @Override
    public Map<String, Double> parameters() {
        Map<String, Double> all = new LinkedHashMap<>();
        for (Term term : terms) {
            String prefix = term.loss().name() + '.';
            term.loss().parameters().forEach((name, value) -> all.put(prefix + name, value));
        }
        return Collections.unmodifiableMap(all);
    }

    @Override
    public Set<LossNeed> needs() {
        Set<LossNeed> all = EnumSet.noneOf(LossNeed.class);
        terms.forEach(term -> all.addAll(term.loss().needs()));
        if (onPairs()) {
            all.remove(LossNeed.LABELS);
        }
        return Collections.unmodifiableSet(all);
    }

    /**
     * Tells whether examples are pairs.
     *
     * @return true if the batches hold 2P rows, chosen ones first
     */
    public boolean onPairs() {
        long looks =
                terms.stream()
                        .map(Term::loss)
                        .filter(ResponseLoss.class::isInstance)
                        .map(loss -> ((ResponseLoss) loss).pairRows())
                        .distinct()
                        .count();
        return looks > 1 || firstPairwise().isPresent();
    }

    Optional<PairwiseLoss> firstPairwise() {
        return terms.stream()
                .map(Term::loss)
                .filter(PairwiseLoss.class::isInstance)
                .map(PairwiseLoss.class::cast)
                .findFirst();
    }

    @Override
    public double[] values(ResponseScores batch) {
        return WeightedScores.of(this, batch).values();
    }

    @Override
    public double[] coefficients(ResponseScores batch) {
        return WeightedScores.of(this, batch).coefficients();
    }

    @Override
    public double[][] tokenCoefficients(ResponseScores batch) {
        return WeightedScores.of(this, batch).tokenCoefficients();
    }

    @Override
    public LossGraph define(SameDiff graph, LossInputs inputs) {
        return WeightedDefinition.define(graph, this, inputs);
    }
}

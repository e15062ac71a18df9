package org.learningdynamics.loss;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Checks the first iteration of preference training, when the policy still equals the reference:
 * every reward must be exactly 0 and the loss {@link #expectedLoss}, ln 2 for the sigmoid losses.
 * What fails is reported, never thrown: a run may start from another policy on purpose.
 *
 * <p>Rewards other than 0 tell that the reference was computed on other tokens, another mask,
 * another model or with dropout; a wrong loss with rewards of 0 tells of a wrong loss definition.
 */
public final class StartCheck {
    /** Largest difference of the loss from its expected value, relative to max(1, |expected|). */
    public static final double LOSS_TOLERANCE = 1e-6;

    private static final List<String> REWARDS =
            List.of(
                    LossMetrics.CHOSEN_REWARD,
                    LossMetrics.REJECTED_REWARD,
                    LossMetrics.REWARD_MARGIN);

    private StartCheck() {}

    /**
     * Something that a first iteration should not show.
     *
     * @param metric name of the metric, one of {@link LossMetrics}
     * @param message what was expected and what was found
     */
    public record Finding(String metric, String message) {}

    /**
     * The loss where policy and reference agree on every response.
     *
     * @param loss a loss with a reference
     * @return its value at log-ratios of 0
     */
    public static double expectedLoss(PairwiseLoss loss) {
        return loss.value(new PairScores(0, 0, 0, 0, 1, 1));
    }

    /**
     * Checks the metrics of the first iteration. Losses without a reference have nothing to check.
     *
     * @param loss the loss trained on
     * @param metrics values by the names of {@link LossMetrics}; those left out are reported
     * @return what is wrong, empty if nothing
     */
    public static List<Finding> check(Loss loss, Map<String, Double> metrics) {
        List<Finding> findings = new ArrayList<>();
        if (!loss.needsReference() || !hasPairs(loss)) {
            return findings;
        }
        for (String reward : REWARDS) {
            checkValue(reward, 0, 0, metrics, findings);
        }
        if (!(loss instanceof PairwiseLoss pairwise) || !pairwise.startsAtKnownValue()) {
            return findings;
        }
        double expected = expectedLoss(pairwise);
        double tolerance = LOSS_TOLERANCE * Math.max(1, Math.abs(expected));
        checkValue(LossMetrics.LOSS, expected, tolerance, metrics, findings);
        return findings;
    }

    private static boolean hasPairs(Loss loss) {
        return loss instanceof PairwiseLoss
                || (loss instanceof WeightedLoss sum
                        && sum.firstPairwise().map(Loss::needsReference).orElse(false));
    }

    private static void checkValue(
            String name,
            double expected,
            double tolerance,
            Map<String, Double> metrics,
            List<Finding> findings) {
        Double found = metrics.get(name);
        if (found == null) {
            findings.add(new Finding(name, name + " was not recorded at the start"));
        } else if (!(Math.abs(found - expected) <= tolerance)) {
            findings.add(new Finding(name, message(name, expected, tolerance, found)));
        }
    }

    private static String message(String name, double expected, double tolerance, double found) {
        String range = tolerance == 0 ? "exactly" : "within " + tolerance + " of";
        return String.format(
                Locale.ROOT, "%s must start at %s %s, got %s", name, range, expected, found);
    }
}

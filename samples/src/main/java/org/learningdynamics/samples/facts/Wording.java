package org.learningdynamics.samples.facts;

import java.util.Arrays;
import java.util.Random;

/**
 * How often each opener and each phrasing is used.
 *
 * @param openers weights of the grammar's openers
 * @param phrasings weights of a relation's phrasings
 */
record Wording(double[] openers, double[] phrasings) {
    Wording {
        openers = openers.clone();
        phrasings = phrasings.clone();
    }

    /** A choice of opener and phrasing. */
    record Choice(int opener, int phrasing) {}

    Choice draw(Random random) {
        return new Choice(index(openers, random), index(phrasings, random));
    }

    /** A choice that differs in the opener, and in the phrasing too. */
    Choice drawOther(Choice avoided, Random random) {
        Choice choice = draw(random);
        while (choice.opener() == avoided.opener() || choice.phrasing() == avoided.phrasing()) {
            choice = draw(random);
        }
        return choice;
    }

    private static int index(double[] weights, Random random) {
        double point = random.nextDouble() * Arrays.stream(weights).sum();
        int index = 0;
        while (index < weights.length - 1 && point >= weights[index]) {
            point -= weights[index];
            index++;
        }
        return index;
    }
}

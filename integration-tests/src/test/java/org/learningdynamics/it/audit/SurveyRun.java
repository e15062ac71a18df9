package org.learningdynamics.it.audit;

import java.util.ArrayList;
import java.util.List;
import org.learningdynamics.model.GraphCondition;

/**
 * A case with inputs from one source.
 *
 * @param gradientCase the case
 * @param source where inputs come from
 */
record SurveyRun(GradientCase gradientCase, GradientCheck.Source source) {
    /** Every run, always in the same order with the same arrays. */
    static List<SurveyRun> all() {
        List<CaseTable> tables =
                List.of(
                        new MathCases(),
                        new ReduceCases(),
                        new ShapeCases(),
                        new IndexCases(),
                        new NeuralCases(),
                        new ConvolutionCases(),
                        new RecurrentCases(),
                        new LossCases(),
                        new LinalgCases());
        List<SurveyRun> runs = new ArrayList<>();
        for (CaseTable table : tables) {
            for (GradientCase gradientCase : table.cases()) {
                GraphCondition.valueOf(gradientCase.condition());
                for (GradientCheck.Source source : GradientCheck.Source.values()) {
                    runs.add(new SurveyRun(gradientCase, source));
                }
            }
        }
        return runs;
    }

    Outcome outcome() {
        return GradientCheck.run(gradientCase, source);
    }
}

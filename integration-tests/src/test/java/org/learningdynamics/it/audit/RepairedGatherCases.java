package org.learningdynamics.it.audit;

import java.util.function.BiFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.factory.Nd4j;

/** Uses of gather whose gradient the repair makes right. */
final class RepairedGatherCases extends CaseTable {
    private static final GradientCase.Input ONE = constant(Nd4j.scalar(2));
    private static final GradientCase.Input REPEATED = ints(3, 0, 3);
    private static final GradientCase.Input MATRIX = ints(new int[][] {{3, 0, 3}, {1, 1, 2}});

    @Override
    void fill() {
        add("[5], index []", 0, real(5), ONE);
        add("[5], indices [3]", 0, real(5), REPEATED);
        add("[5, 3], index []", 0, real(5, 3), ONE);
        add("[5, 3], indices [3]", 0, real(5, 3), REPEATED);
        add("[5, 3], long indices [3]", 0, real(5, 3), longs(4, 4, 4));
        add("[5, 3], indices [2, 3]", 0, real(5, 3), MATRIX);
        add("[5, 1], indices [1]", 0, real(5, 1), ints(4));
        add("[4, 2, 3], indices [2, 3]", 0, real(4, 2, 3), MATRIX);
        add("[2, 5], index []", 1, real(2, 5), ONE);
        add("[2, 5], indices [3]", 1, real(2, 5), REPEATED);
        add("[2, 4, 3], indices [2, 3]", 1, real(2, 4, 3), MATRIX);
        add("[2, 3, 4], indices [2, 3]", 2, real(2, 3, 4), MATRIX);
        use("int[]", (sd, v) -> sd.gather(v[0], new int[] {3, 0, 3}, 0), real(5, 3));
        use("of rows that are gathered", RepairedGatherCases::twice, real(5, 3), REPEATED);
        use("and another use of the table", RepairedGatherCases::tied, real(5, 3), REPEATED);
    }

    private void add(String shapes, int axis, GradientCase.Input table, GradientCase.Input ids) {
        use(shapes + " along " + axis, (sd, v) -> sd.gather(v[0], v[1], axis), table, ids);
    }

    private void use(
            String configuration,
            BiFunction<SameDiff, SDVariable[], SDVariable> build,
            GradientCase.Input... inputs) {
        add("sd.gather", configuration, build, inputs);
    }

    private static SDVariable twice(SameDiff graph, SDVariable[] inputs) {
        SDVariable second = graph.constant(Nd4j.createFromArray(1, 1, 2, 0));
        return graph.gather(graph.gather(inputs[0], inputs[1], 0), second, 0);
    }

    private static SDVariable tied(SameDiff graph, SDVariable[] inputs) {
        SDVariable rows = graph.gather(inputs[0], inputs[1], 0);
        return graph.mmul(rows, graph.permute(inputs[0], 1, 0));
    }
}

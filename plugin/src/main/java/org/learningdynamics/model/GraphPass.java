package org.learningdynamics.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.learningdynamics.influence.FactoredGradient;
import org.learningdynamics.influence.GradientFactor;
import org.learningdynamics.influence.ParameterMatrix;
import org.learningdynamics.influence.RowGradients;
import org.learningdynamics.influence.WholeGradients;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Runs a seeded graph over rows and gathers the gradient of each from factors. */
final class GraphPass {
    private final List<String> inputs;
    private final List<DataType> inputTypes;
    private final List<ParameterMatrix> parameters;
    private final Map<String, ParameterUses> uses;
    private final SeededGraph graph;
    private final SeededGraph.Seed seed;

    GraphPass(
            List<String> inputs,
            List<DataType> inputTypes,
            List<ParameterMatrix> parameters,
            Map<String, ParameterUses> uses,
            SeededGraph graph,
            SeededGraph.Seed seed) {
        this.inputs = inputs;
        this.inputTypes = inputTypes;
        this.parameters = parameters;
        this.uses = uses;
        this.graph = graph;
        this.seed = seed;
    }

    RowPass run(ModelInput input, INDArray values, int rows) {
        return run(input, values, rows, Optional.empty());
    }

    /**
     * One pass.
     *
     * @param values the seed, of the positions if there are any
     * @param positions whose logits are made, for a graph that picks; every parameter must have a
     *     rule then
     */
    RowPass run(ModelInput input, INDArray values, int rows, Optional<ReadPositions> positions) {
        Set<String> forward = new LinkedHashSet<>();
        Set<String> gradients = new LinkedHashSet<>();
        for (ParameterUses all : uses.values()) {
            all.uses().forEach(use -> gradients.add(use.output()));
            all.uses().forEach(use -> forward.addAll(graph.own(use).values()));
        }
        SeededGraph.Pass pass = run(input, values, positions, forward, gradients);
        List<FactoredGradient> factored = new ArrayList<>();
        List<INDArray> owned = new ArrayList<>();
        try (PassArrays arrays = new PassArrays(pass, rows)) {
            for (ParameterMatrix parameter : parameters) {
                if (usesOf(parameter).hasRule()) {
                    factored.add(factored(parameter, arrays));
                }
            }
            owned.addAll(arrays.owned());
        }
        if (factored.size() < parameters.size()) {
            factored.addAll(rowByRow(input, values, rows));
        }
        Runnable free = () -> owned.forEach(graph::giveBack);
        RowGradients all = new RowGradients(rows, factored, free);
        return new RowPass(pass.logits(), all, Optional.empty(), positions);
    }

    private FactoredGradient factored(ParameterMatrix parameter, PassArrays arrays) {
        List<GradientFactor> factors = new ArrayList<>();
        for (ParameterUse use : usesOf(parameter).uses()) {
            factors.add(graph.own(use).factor(arrays));
        }
        return new FactoredGradient(parameter, factors);
    }

    private ParameterUses usesOf(ParameterMatrix parameter) {
        return Objects.requireNonNull(uses.get(parameter.name()), parameter.name());
    }

    /** The gradients of parameters without a rule, one pass a row. */
    private List<FactoredGradient> rowByRow(ModelInput input, INDArray values, int rows) {
        List<ParameterMatrix> left =
                parameters.stream().filter(parameter -> !usesOf(parameter).hasRule()).toList();
        Map<String, INDArray> all = new HashMap<>();
        for (int row = 0; row < rows; row++) {
            Map<String, INDArray> single = single(input, values, row, rows, left);
            for (ParameterMatrix parameter : left) {
                INDArray gradient = Objects.requireNonNull(single.get(parameter.name()));
                INDArray whole =
                        all.computeIfAbsent(
                                parameter.name(), name -> empty(parameter, gradient, rows));
                whole.get(NDArrayIndex.point(row), NDArrayIndex.all(), NDArrayIndex.all())
                        .assign(parameter.matrix(gradient));
                gradient.close();
            }
        }
        return left.stream()
                .map(
                        parameter ->
                                factored(
                                        parameter,
                                        Objects.requireNonNull(all.get(parameter.name()))))
                .toList();
    }

    private static FactoredGradient factored(ParameterMatrix parameter, INDArray gradients) {
        return new FactoredGradient(parameter, List.of(new WholeGradients(gradients)));
    }

    private static INDArray empty(ParameterMatrix parameter, INDArray gradient, int rows) {
        return Nd4j.create(
                gradient.dataType(), new long[] {rows, parameter.rows(), parameter.columns()}, 'c');
    }

    /** Gradients of some parameters for one row alone, in the graph's own shapes. */
    Map<String, INDArray> single(
            ModelInput input, INDArray values, int row, int rows, List<ParameterMatrix> some) {
        List<String> names = some.stream().map(ParameterMatrix::name).toList();
        try (RowOf one = RowOf.of(input, values, row, rows)) {
            SeededGraph.Pass pass =
                    run(one.input(), one.values(), Optional.empty(), Set.of(), names);
            pass.logits().close();
            return pass.gradients();
        }
    }

    /** Logits of one row alone // [T, V]. */
    INDArray singleLogits(ModelInput input, INDArray values, int row, int rows) {
        try (RowOf one = RowOf.of(input, values, row, rows)) {
            return run(one.input(), one.values(), Optional.empty(), Set.of(), Set.of()).logits();
        }
    }

    private SeededGraph.Pass run(
            ModelInput input,
            INDArray values,
            Optional<ReadPositions> positions,
            Collection<String> forward,
            Collection<String> gradients) {
        List<INDArray> given = new ArrayList<>(input.features());
        given.addAll(input.masks());
        if (given.size() != inputs.size()) {
            throw new IllegalArgumentException(
                    "the rows must bring one array for each of the placeholders "
                            + inputs
                            + ", got "
                            + given.size());
        }
        if (positions.isEmpty()) {
            return run(given, Map.of(seedName(), values), forward, gradients);
        }
        try (INDArray picked = Nd4j.createFromArray(positions.get().flat())) {
            return run(
                    given,
                    Map.of(seedName(), values, PositionCut.POSITIONS, picked),
                    forward,
                    gradients);
        }
    }

    private String seedName() {
        return seed == SeededGraph.Seed.LABELS ? SeededGraph.LABELS : SeededGraph.SEED;
    }

    private SeededGraph.Pass run(
            List<INDArray> given,
            Map<String, INDArray> others,
            Collection<String> forward,
            Collection<String> gradients) {
        return TypedArrays.use(
                given,
                inputTypes,
                arrays -> {
                    Map<String, INDArray> placeholders = new HashMap<>(others);
                    for (int i = 0; i < inputs.size(); i++) {
                        placeholders.put(inputs.get(i), arrays.get(i));
                    }
                    return graph.run(placeholders, forward, gradients);
                });
    }

    /** One row's share of inputs and seed. */
    private record RowOf(ModelInput input, INDArray values) implements AutoCloseable {
        static RowOf of(ModelInput input, INDArray values, int row, int rows) {
            long positions = values.size(0) / rows;
            return new RowOf(
                    new ModelInput(
                            input.features().stream().map(a -> slice(a, row, row + 1)).toList(),
                            input.masks().stream().map(a -> slice(a, row, row + 1)).toList()),
                    slice(values, row * positions, (row + 1) * positions));
        }

        private static INDArray slice(INDArray array, long from, long to) {
            INDArrayIndex[] indices = new INDArrayIndex[array.rank()];
            Arrays.fill(indices, NDArrayIndex.all());
            indices[0] = NDArrayIndex.interval(from, to);
            return array.get(indices).dup('c');
        }

        @Override
        public void close() {
            input.features().forEach(INDArray::close);
            input.masks().forEach(INDArray::close);
            values.close();
        }
    }
}

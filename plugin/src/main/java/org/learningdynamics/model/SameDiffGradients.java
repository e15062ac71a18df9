package org.learningdynamics.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.influence.ParameterMatrix;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Gradients of single rows of a SameDiff graph, from one pass over a copy of its structure.
 *
 * <p>Rules exist for parameters that are read by matrix products, one-hot and gathered lookups,
 * additions and gains along the last dimension. A parameter with any other use is differentiated
 * row by row and named in {@link #fallbacks()}. The first pass over several rows is checked against
 * passes over its first and last row alone: a parameter whose gradients differ falls back, and a
 * graph whose logits differ is refused, because its rows are not independent of each other.
 *
 * <p>Where every parameter has a rule, ops that work position by position on {@code [N·T, …]} up to
 * the logits do so only for positions that are read, and for as many others as it takes to have the
 * same number in each row, if that leaves out an eighth or more; {@link RowPass#positions()} names
 * them.
 */
public final class SameDiffGradients implements GradientView {
    private final SameDiff source;
    private final List<String> inputs;
    private final String logits;
    private final List<DataType> inputTypes = new ArrayList<>();
    private final Map<Kind, SeededGraph> graphs = new HashMap<>();
    private final Map<String, ParameterUses> uses = new HashMap<>();
    private final List<ParameterMatrix> parameters = new ArrayList<>();
    private Map<String, INDArray> loaded = Map.of();
    private int classes;
    private boolean checked;
    private Optional<PositionCut> cut = Optional.empty();
    private boolean isCutKnown;

    /** What a graph is for. */
    private record Kind(SeededGraph.Seed seed, boolean isCut) {}

    private SameDiffGradients(SameDiff source, List<String> inputs, String logits) {
        this.source = source;
        this.inputs = List.copyOf(inputs);
        this.logits = logits;
        for (String input : inputs) {
            inputTypes.add(GraphNames.placeholder(source, input).dataType());
        }
        GraphNames.logits(source, logits);
        List<String> reached = reaching(source, logits);
        for (SDVariable variable : source.variables()) {
            boolean trained = variable.getVariableType() == VariableType.VARIABLE;
            if (trained && variable.dataType().isFPType() && reached.contains(variable.name())) {
                uses.put(variable.name(), ParameterUses.of(source, variable.name(), reached));
                parameters.add(matrix(variable));
            }
        }
    }

    /**
     * A view of a graph.
     *
     * @param sameDiff the graph; read here and at the first pass, never changed
     * @param inputs names of the placeholders that take the features, in order; masks come after
     *     them
     * @param logits name of the variable that holds the logits // [B, V], [B·T, V] or [B, T, V]
     * @return the view
     * @throws IllegalArgumentException if a name is unknown; the message lists those there are
     */
    public static SameDiffGradients of(SameDiff sameDiff, List<String> inputs, String logits) {
        return new SameDiffGradients(sameDiff, inputs, logits);
    }

    private static ParameterMatrix matrix(SDVariable variable) {
        long[] shape = Objects.requireNonNull(variable.getArr(), variable.name()).shape();
        String layer = LayerGroups.ofPath(variable.name());
        return shape.length == 2
                ? ParameterMatrix.of(variable.name(), layer, shape[0], shape[1])
                : ParameterMatrix.vector(variable.name(), layer, shape);
    }

    /** Every variable that the logits depend on. */
    private static List<String> reaching(SameDiff graph, String logits) {
        Set<String> found = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(logits));
        while (!open.isEmpty()) {
            String name = open.remove();
            String producer =
                    Objects.requireNonNull(graph.getVariables().get(name), name).getOutputOfOp();
            if (found.add(name) && producer != null) {
                SameDiffOp op = Objects.requireNonNull(graph.getOps().get(producer), producer);
                List<String> more = op.getInputsToOp();
                open.addAll(more == null ? List.of() : more);
            }
        }
        return List.copyOf(found);
    }

    /**
     * The parameters that the logits depend on.
     *
     * @return parameters in the order of the graph
     */
    public List<ParameterMatrix> parameters() {
        return List.copyOf(parameters);
    }

    @Override
    public void load(Map<String, INDArray> values) {
        for (ParameterMatrix parameter : parameters) {
            if (!values.containsKey(parameter.name())) {
                throw new IllegalArgumentException(
                        "parameters must hold \""
                                + parameter.name()
                                + "\", got "
                                + values.keySet());
            }
        }
        loaded = Map.copyOf(values);
        graphs.values().forEach(graph -> graph.load(loaded));
    }

    @Override
    public RowPass observe(ModelInput input, int[][] labels) {
        int rows = labels.length;
        try (INDArray all = flat(labels)) {
            Optional<ReadPositions> some = ReadPositions.ofLabels(labels);
            if (some.isPresent() && cut(input, SeededGraph.Seed.LABELS, all, rows).isPresent()) {
                try (INDArray read = flat(some.get().labels(labels))) {
                    return pass(input, SeededGraph.Seed.LABELS, true).run(input, read, rows, some);
                }
            }
            return pass(input, SeededGraph.Seed.LABELS, all, rows);
        }
    }

    @Override
    public RowPass observe(ModelInput input, INDArray seed) {
        int rows = (int) input.features().get(0).size(0);
        Optional<ReadPositions> some = ReadPositions.ofSeed(seed, rows);
        if (some.isPresent() && cut(input, SeededGraph.Seed.VALUES, seed, rows).isPresent()) {
            try (INDArray read = some.get().rows(seed)) {
                return pass(input, SeededGraph.Seed.VALUES, true).run(input, read, rows, some);
            }
        }
        return pass(input, SeededGraph.Seed.VALUES, seed, rows);
    }

    private static INDArray flat(int[][] labels) {
        return Nd4j.createFromArray(Arrays.stream(labels).flatMapToInt(Arrays::stream).toArray());
    }

    /** Where rows can be picked; nowhere as long as some parameter has no rule. */
    private Optional<PositionCut> cut(
            ModelInput input, SeededGraph.Seed seed, INDArray values, int rows) {
        if (rows > 1 && !checked) {
            check(input, seed, values, rows);
        }
        if (!isCutKnown) {
            int positions = (int) values.size(0);
            boolean allRuled = uses.values().stream().allMatch(ParameterUses::hasRule);
            cut =
                    allRuled && positions > 1
                            ? PositionCut.of(
                                    source, logits, positions, names -> shapes(input, names))
                            : Optional.empty();
            isCutKnown = true;
        }
        return cut;
    }

    private Map<String, long[]> shapes(ModelInput input, Set<String> names) {
        Map<String, long[]> shapes = new HashMap<>();
        try (SameDiffView view = new SameDiffView(source, inputs, logits)) {
            view.refresh();
            view.values(input, names)
                    .forEach(
                            (name, array) -> {
                                shapes.put(name, array.shape());
                                array.close();
                            });
        }
        return shapes;
    }

    private RowPass pass(ModelInput input, SeededGraph.Seed seed, INDArray values, int rows) {
        if (rows > 1 && !checked) {
            check(input, seed, values, rows);
        }
        return pass(input, seed, false).run(input, values, rows);
    }

    private GraphPass pass(ModelInput input, SeededGraph.Seed seed, boolean isCut) {
        return pass(graph(input, new Kind(seed, isCut)), seed);
    }

    private GraphPass pass(SeededGraph graph, SeededGraph.Seed seed) {
        return new GraphPass(inputs, inputTypes, parameters, uses, graph, seed);
    }

    /** In a graph of its own, in which all parameters have gradients. */
    private void check(ModelInput input, SeededGraph.Seed seed, INDArray values, int rows) {
        Set<String> all = differentiated();
        parameters.forEach(parameter -> all.add(parameter.name()));
        try (SeededGraph whole =
                new SeededGraph(
                        source, logits, classes(input), seed, List.copyOf(all), Optional.empty())) {
            whole.load(loaded);
            new RowCheck(pass(whole, seed), uses).check(input, values, rows);
        }
        close();
        isCutKnown = false; // parameters may have lost their rules
        checked = true;
    }

    private SeededGraph graph(ModelInput input, Kind kind) {
        SeededGraph known = graphs.get(kind);
        if (known != null) {
            return known;
        }
        List<String> all = List.copyOf(differentiated());
        Optional<PositionCut> picks = kind.isCut() ? cut : Optional.empty();
        SeededGraph made = new SeededGraph(source, logits, classes(input), kind.seed(), all, picks);
        made.load(loaded);
        graphs.put(kind, made);
        return made;
    }

    /** The outputs of ops with rules, and the parameters that have none. */
    private Set<String> differentiated() {
        Set<String> names = new LinkedHashSet<>();
        for (ParameterUses all : uses.values()) {
            all.uses().forEach(use -> names.add(use.output()));
            if (!all.hasRule()) {
                names.add(all.parameter());
            }
        }
        return names;
    }

    /** Graphs often do not know the width of their logits before they run. */
    private int classes(ModelInput input) {
        if (classes == 0) {
            classes = runForClasses(input);
        }
        return classes;
    }

    private int runForClasses(ModelInput input) {
        try (SameDiffView view = new SameDiffView(source, inputs, logits)) {
            view.refresh();
            try (INDArray output = view.rawLogits(input)) {
                return (int) output.size(output.rank() - 1);
            }
        }
    }

    @Override
    public List<String> fallbacks() {
        return parameters.stream()
                .map(parameter -> uses(parameter.name()).reason())
                .filter(reason -> !reason.isEmpty())
                .toList();
    }

    private ParameterUses uses(String parameter) {
        @Nullable ParameterUses known = uses.get(parameter);
        return Objects.requireNonNull(known, parameter);
    }

    @Override
    public void close() {
        graphs.values().forEach(SeededGraph::close);
        graphs.clear();
    }
}

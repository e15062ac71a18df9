package org.learningdynamics.it.audit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.learningdynamics.model.GradientRepairs;
import org.learningdynamics.model.GraphAudit;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.imports.converters.DifferentialFunctionClassHolder;
import org.nd4j.imports.converters.ImportClassMapping;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.shape.Gather;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * Repairs gather, or does not, in a process of its own and prints what it finds, a line {@code
 * name<tab>value} each. Argument: {@code untouched}, {@code early} or {@code late}.
 */
public final class RepairProgram {
    private static final double RATE = 0.1;
    private static final double STEP = 1e-5;
    private static final INDArray IDS = Nd4j.createFromArray(2, 0, 2, 1, 2);
    private static final INDArray FACTORS =
            Nd4j.createFromArray(0.3, -1.2, 0.8, 2.1, 0.4).reshape(5, 1);

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private RepairProgram() {}

    /**
     * Runs one of the three programs.
     *
     * @param arguments {@code untouched}, {@code early} or {@code late}
     * @throws Exception if a class of the library cannot be loaded or a gradient not be had
     */
    public static void main(String[] arguments) throws Exception {
        RepairProgram program = new RepairProgram();
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        switch (arguments[0]) {
            case "untouched" -> program.untouched();
            case "early" -> program.early();
            case "late" -> program.late();
            default -> throw new IllegalArgumentException("no program " + arguments[0]);
        }
        System.exit(0);
    }

    private void say(String name, Object value) {
        // Native code prints to standard output too and need not end its lines.
        out.println("\nFACT\t" + name + "\t" + String.valueOf(value).replace('\n', ' '));
    }

    private void untouched() throws Exception {
        say("classes", loadEverything());
        say("installed", GradientRepairs.isGatherInstalled());
        say("registered", registered());
        say("audit", GraphAudit.of(table("untouched")).findings().size());
        ImportClassMapping.getOpNameMapping().put("gather", new OwnGather());
        say("refused", refusal());
    }

    /** A class of somebody else's for the same op. */
    private static final class OwnGather extends Gather {}

    private static String refusal() {
        try {
            GradientRepairs.installGather();
            return "";
        } catch (IllegalStateException e) {
            return e.getMessage();
        }
    }

    /** Loads and initialises every class of the library; returns how many there are. */
    private static int loadEverything() throws Exception {
        URI place = GraphAudit.class.getProtectionDomain().getCodeSource().getLocation().toURI();
        Path root = Path.of(place);
        if (Files.isDirectory(root)) {
            return load(root);
        }
        try (FileSystem jar = FileSystems.newFileSystem(root)) {
            return load(jar.getPath("/"));
        }
    }

    private static int load(Path root) throws IOException, URISyntaxException {
        try (Stream<Path> files = Files.walk(root)) {
            List<String> names =
                    files.map(file -> root.relativize(file).toString())
                            .filter(name -> name.endsWith(".class"))
                            .filter(name -> !name.endsWith("package-info.class"))
                            .map(
                                    name ->
                                            name.replaceAll("\\.class$", "")
                                                    .replaceAll("[/\\\\]", "."))
                            .toList();
            for (String name : names) {
                Class.forName(name);
            }
            return names.size();
        } catch (ClassNotFoundException e) {
            throw new IOException(e);
        }
    }

    private static String registered() {
        long hash = Nd4j.getExecutioner().getCustomOperations().get("gather").getHash();
        return DifferentialFunctionClassHolder.getInstance()
                .customOpClassForHashAndName(hash, "gather")
                .getSimpleName();
    }

    private void early() {
        GradientRepairs.installGather();
        checkAll();
    }

    /** Native gradients of gather damage memory: the old function is made, never run. */
    private void late() {
        say("registered before", registered());
        SameDiff differentiated = table("differentiated");
        differentiated.createGradFunction();
        SameDiff defined = table("defined");
        say("audit before", GraphAudit.of(defined).findings().size());
        GradientRepairs.installGather();
        say("audit of one differentiated before", GraphAudit.of(differentiated).findings().size());
        differentiated.setLossVariables("loss");
        say("audit of it, made anew", GraphAudit.of(differentiated).findings().size());
        say("error of it, made anew", error(differentiated));
        say("audit of one defined before", GraphAudit.of(defined).findings().size());
        say("error of one defined before", error(defined));
        checkAll();
    }

    private void checkAll() {
        GradientRepairs.installGather();
        say("installed", GradientRepairs.isGatherInstalled());
        say("registered", registered());
        for (GradientCase gradientCase : new RepairedGatherCases().cases()) {
            for (GradientCheck.Source source : GradientCheck.Source.values()) {
                Outcome outcome = GradientCheck.run(gradientCase, source);
                say(
                        "case " + gradientCase.configuration() + " of " + source,
                        outcome.verdict() + " " + outcome.message());
            }
        }
        GradientCase last = new LastAxisCase().cases().get(0);
        say("last axis", GradientCheck.run(last, GradientCheck.Source.VARIABLE).verdict());
        say(
                "last axis of an activation",
                GradientCheck.run(last, GradientCheck.Source.ACTIVATION).message());
        say("matrix of indices into a vector", deadly());
        say("audit", GraphAudit.of(table("audited")).findings().size());
        say("step", stepError());
        say("copy", error(table("original").dup()));
    }

    /** Gather along the last axis, counted from the end. */
    private static final class LastAxisCase extends CaseTable {
        @Override
        void fill() {
            add(
                    "sd.gather",
                    "[2, 4], along -1",
                    (sd, v) -> sd.gather(v[0], v[1], -1),
                    real(2, 4),
                    ints(3, 0, 3));
        }
    }

    private static String deadly() {
        SameDiff graph = SameDiff.create();
        SDVariable vector = graph.var("table", Nd4j.createFromArray(1.0, 2.0, 3.0));
        SDVariable ids = graph.constant(Nd4j.createFromArray(new int[][] {{0, 1}, {1, 2}}));
        graph.gather("rows", vector, ids, 0).sum().markAsLoss();
        try {
            return "gradient " + graph.calculateGradients(Map.of(), "table").get("table");
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    /** Loss {@code Σ_i factor_i·Σ tanh(table)[ids_i]²}, so that incoming gradients differ. */
    private static SameDiff table(String name) {
        SameDiff graph = SameDiff.create();
        INDArray values = Nd4j.linspace(DataType.DOUBLE, -1, 0.17, 12).reshape(4, 3);
        SDVariable table = graph.var("table", values);
        SDVariable ids = graph.placeHolder("ids", DataType.INT32, -1);
        SDVariable factors = graph.placeHolder("factors", DataType.DOUBLE, -1, 1);
        SDVariable rows = graph.gather(name, graph.math().tanh(table), ids, 0);
        graph.math().square(rows).mul(factors).sum("loss").markAsLoss();
        return graph;
    }

    private static Map<String, INDArray> inputs() {
        return Map.of("ids", IDS, "factors", FACTORS);
    }

    private static double error(SameDiff graph) {
        INDArray expected = differences(graph);
        return expected.distance1(graph.calculateGradients(inputs(), "table").get("table"));
    }

    private static double stepError() {
        SameDiff graph = table("trained");
        INDArray expected = graph.getVariable("table").getArr().sub(differences(graph).mul(RATE));
        graph.setTrainingConfig(
                TrainingConfig.builder()
                        .updater(new Sgd(RATE))
                        .dataSetFeatureMapping("ids")
                        .dataSetLabelMapping("factors")
                        .build());
        graph.fit(new DataSet(IDS, FACTORS));
        return expected.distance1(graph.getVariable("table").getArr());
    }

    private static INDArray differences(SameDiff graph) {
        INDArray values = graph.getVariable("table").getArr();
        INDArray result = values.dup();
        for (long i = 0; i < values.length(); i++) {
            double center = values.getDouble(i);
            values.putScalar(i, center + STEP);
            double above = loss(graph);
            values.putScalar(i, center - STEP);
            double below = loss(graph);
            values.putScalar(i, center);
            result.putScalar(i, (above - below) / (2 * STEP));
        }
        return result;
    }

    private static double loss(SameDiff graph) {
        return graph.output(inputs(), "loss").get("loss").getDouble(0);
    }
}

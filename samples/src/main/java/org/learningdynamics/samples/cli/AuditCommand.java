package org.learningdynamics.samples.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.learningdynamics.data.DataException;
import org.learningdynamics.model.AuditFinding;
import org.learningdynamics.model.AuditSeverity;
import org.learningdynamics.model.GraphAudit;
import org.nd4j.autodiff.samediff.SameDiff;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dynamics audit MODEL}: which gradients of a graph are wrong or missing. */
@Command(
        name = "audit",
        description = "Names the ops of a graph whose gradients are wrong or missing in SameDiff.",
        mixinStandardHelpOptions = true)
final class AuditCommand implements Callable<Integer> {
    private static final List<String> HEAD =
            List.of("severity", "op", "kind", "inputs", "verdict", "when");

    private final Console console;

    @Parameters(
            paramLabel = "MODEL",
            description = "A file that SameDiff.save wrote, or a folder \"model\" that train left.")
    private Path model = Path.of("");

    @Option(names = "--json", description = "Print JSON instead of a table.")
    private boolean json;

    AuditCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        GraphAudit audit = GraphAudit.of(graph());
        console.out().print(json ? json(audit) : table(audit));
        boolean sound = audit.findings().stream().allMatch(f -> f.severity() == AuditSeverity.NOTE);
        return sound ? ExitCode.OK : ExitCode.FINDINGS;
    }

    private SameDiff graph() {
        if (Files.isDirectory(model)) {
            return ModelFolder.load(model).model().graph();
        }
        if (!Files.isRegularFile(model)) {
            throw new DataException(model + ": no such file or folder");
        }
        try {
            if (Files.size(model) < Integer.BYTES * 2) {
                throw new DataException(model + ": not a SameDiff file, too short");
            }
            return SameDiff.load(model.toFile(), false);
        } catch (DataException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new DataException(model + ": not a SameDiff file: " + e.getMessage(), e);
        }
    }

    /** What is printed as JSON. */
    private record Printed(int auditedOps, List<AuditFinding> findings) {}

    private static String json(GraphAudit audit) {
        Gson gson = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
        return gson.toJson(new Printed(audit.auditedOps(), audit.findings())) + "\n";
    }

    private static String table(GraphAudit audit) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        audit.findings().forEach(finding -> rows.add(row(finding)));
        int[] widths = new int[HEAD.size()];
        for (List<String> row : rows) {
            for (int c = 0; c < widths.length; c++) {
                widths[c] = Math.max(widths[c], row.get(c).length());
            }
        }
        StringBuilder out = new StringBuilder();
        for (int r = 0; r < rows.size() && rows.size() > 1; r++) {
            append(out, rows.get(r), widths);
            if (r > 0) {
                out.append("    ").append(audit.findings().get(r - 1).remedy()).append('\n');
            }
        }
        String text = audit.toText();
        return out.append(text.substring(text.lastIndexOf('\n', text.length() - 2) + 1)).toString();
    }

    private static List<String> row(AuditFinding finding) {
        return List.of(
                finding.severity().toString(),
                printable(finding.op()),
                printable(finding.type()),
                printable(String.join(", ", finding.inputs())),
                finding.verdict().toString().toLowerCase(Locale.ROOT).replace('_', ' '),
                (finding.certain() ? "" : "if ") + finding.condition().description());
    }

    private static void append(StringBuilder out, List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int c = 0; c < widths.length; c++) {
            line.append(row.get(c)).append(" ".repeat(widths[c] - row.get(c).length() + 2));
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }

    /** Control characters must not reach a terminal. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}

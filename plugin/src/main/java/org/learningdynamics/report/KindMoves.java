package org.learningdynamics.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.learningdynamics.series.Interval;
import org.learningdynamics.series.KindSummary;
import org.learningdynamics.series.RecordedRun;

/** What a run did to each kind of response, from its first recording to its last. */
final class KindMoves {
    static final int NAMED = 3;

    private static final List<String> MAIN = List.of("chosen", "label", "response");

    private final List<KindSummary> kinds;

    private KindMoves(List<KindSummary> kinds) {
        this.kinds = kinds;
    }

    static KindMoves of(RecordedRun run) {
        return new KindMoves(KindSummary.of(run.likelihoods()));
    }

    int size() {
        return kinds.size();
    }

    /** The kinds that certainly rise, most first. */
    List<String> rising() {
        return chosen(kind -> kind.change().isAboveZero(), -1).stream()
                .map(KindSummary::kind)
                .toList();
    }

    boolean isEmpty() {
        return kinds.isEmpty();
    }

    Optional<KindSummary> of(String kind) {
        return kinds.stream().filter(one -> one.kind().equals(kind)).findFirst();
    }

    /** The kind that is learnt, as far as names tell: chosen, label, or else the first. */
    KindSummary main() {
        return MAIN.stream()
                .flatMap(kind -> of(kind).stream())
                .findFirst()
                .orElseGet(() -> kinds.get(0));
    }

    /** As in {@code 3 of 12 kinds rise (…), 8 fall (…), 1 cannot be told from no change.} */
    String sentence() {
        List<KindSummary> rise = chosen(kind -> kind.change().isAboveZero(), -1);
        List<KindSummary> fall = chosen(kind -> kind.change().isBelowZero(), 1);
        int open = kinds.size() - rise.size() - fall.size();
        return String.format(
                Locale.ROOT,
                "%d of %s %s%s, %d %s%s%s.",
                rise.size(),
                Words.count(kinds.size(), "kind"),
                rise.size() == 1 ? "rises" : "rise",
                names(rise),
                fall.size(),
                fall.size() == 1 ? "falls" : "fall",
                names(fall),
                open == 0 ? "" : ", " + open + " cannot be told from no change");
    }

    /** How far the rejected went along with what was learnt, where both certainly rose. */
    Optional<String> alongside() {
        Optional<Interval> chosen = of("chosen").map(KindSummary::change);
        Optional<Interval> rejected = of("rejected").map(KindSummary::change);
        if (chosen.isEmpty()
                || rejected.isEmpty()
                || !chosen.get().isAboveZero()
                || !rejected.get().isAboveZero()) {
            return Optional.empty();
        }
        return Optional.of(
                String.format(
                        Locale.ROOT,
                        "Rejected rose by %.0f %% of what chosen did.",
                        100 * rejected.get().mean() / chosen.get().mean()));
    }

    private List<KindSummary> chosen(Predicate<KindSummary> wanted, int order) {
        List<KindSummary> found = new ArrayList<>(kinds.stream().filter(wanted).toList());
        found.sort(Comparator.comparingDouble(kind -> order * kind.change().mean()));
        return found;
    }

    private static String names(List<KindSummary> kinds) {
        if (kinds.isEmpty()) {
            return "";
        }
        String named =
                kinds.stream()
                        .limit(NAMED)
                        .map(kind -> kind.kind() + " " + Words.signed(kind.change().mean()))
                        .collect(Collectors.joining(", "));
        return (kinds.size() > NAMED ? " (most: " : " (") + named + ")";
    }
}

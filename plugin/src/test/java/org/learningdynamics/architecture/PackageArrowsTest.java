package org.learningdynamics.architecture;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The arrows of ARCHITECTURE.md, and no others. */
class PackageArrowsTest {
    private static final String ROOT = "org.learningdynamics.";

    /** Package to the packages it may import. */
    private static final Map<String, List<String>> ARROWS =
            Map.ofEntries(
                    Map.entry("recording", List.of()),
                    Map.entry("series", List.of("recording")),
                    Map.entry("data", List.of()),
                    Map.entry("probe", List.of("data")),
                    Map.entry("measure", List.of()),
                    Map.entry("loss", List.of("measure")),
                    Map.entry("influence", List.of("measure")),
                    Map.entry("update", List.of("influence")),
                    Map.entry("model", List.of("measure", "influence")),
                    Map.entry(
                            "listener",
                            List.of(
                                    "model",
                                    "measure",
                                    "influence",
                                    "update",
                                    "probe",
                                    "data",
                                    "recording",
                                    "series")),
                    Map.entry("safetensors", List.of()),
                    Map.entry("lm", List.of("model", "data", "loss", "safetensors")),
                    Map.entry("lm.template", List.of()),
                    Map.entry("lm.tokenizer", List.of("data", "lm.template")),
                    Map.entry(
                            "train",
                            List.of(
                                    "safetensors",
                                    "lm",
                                    "model",
                                    "measure",
                                    "influence",
                                    "data",
                                    "loss",
                                    "probe",
                                    "listener",
                                    "update",
                                    "recording",
                                    "series")),
                    Map.entry("doctor", List.of()),
                    Map.entry("export", List.of("recording", "series")),
                    Map.entry("report", List.of("recording", "series", "sweep.record")),
                    Map.entry("sweep.record", List.of("recording")),
                    Map.entry(
                            "sweep",
                            List.of(
                                    "train",
                                    "listener",
                                    "lm",
                                    "loss",
                                    "data",
                                    "probe",
                                    "recording",
                                    "series")),
                    Map.entry(
                            "spark",
                            List.of(
                                    "train",
                                    "listener",
                                    "lm",
                                    "lm.pretrained",
                                    "lm.tokenizer",
                                    "loss",
                                    "model",
                                    "measure",
                                    "influence",
                                    "probe",
                                    "data",
                                    "recording",
                                    "series",
                                    "sweep",
                                    "sweep.record")),
                    Map.entry("spark.dl4j", List.of("listener", "influence", "recording")),
                    Map.entry("mlflow", List.of("recording", "series")),
                    Map.entry("ui", List.of("report", "recording", "series")));

    /** Libraries that only the named packages may see. */
    private static final Map<String, Set<String>> FENCES =
            Map.ofEntries(
                    Map.entry(
                            "org.nd4j..",
                            Set.of(
                                    "measure",
                                    "influence",
                                    "update",
                                    "loss",
                                    "model",
                                    "listener",
                                    "lm",
                                    "safetensors",
                                    "train",
                                    "sweep",
                                    "spark",
                                    "doctor")),
                    Map.entry(
                            "org.deeplearning4j..",
                            Set.of("loss", "model", "listener", "update", "ui", "sweep", "spark")),
                    Map.entry("org.apache.spark..", Set.of("spark")),
                    Map.entry("scala..", Set.of("spark")),
                    Map.entry("org.deeplearning4j.spark..", Set.of("spark.dl4j")),
                    Map.entry("org.deeplearning4j.arbiter..", Set.of("sweep")),
                    Map.entry("io.vertx..", Set.of("ui")),
                    Map.entry("org.mlflow..", Set.of("mlflow")),
                    Map.entry("org.sqlite..", Set.of("recording")),
                    Map.entry("org.bytedeco..", Set.of("measure", "influence")),
                    Map.entry("org.bytedeco.openblas..", Set.of("measure")),
                    Map.entry("java.sql..", Set.of("recording")),
                    Map.entry("ai.djl..", Set.of("lm.tokenizer")),
                    Map.entry("org.apache.parquet..", Set.of("export")),
                    Map.entry("org.apache.hadoop..", Set.of("spark")),
                    Map.entry("com.github.luben..", Set.of("export")),
                    Map.entry("org.xerial.snappy..", Set.of("export")),
                    Map.entry(
                            "com.google.gson..",
                            Set.of(
                                    "data",
                                    "probe",
                                    "lm",
                                    "safetensors",
                                    "train",
                                    "export",
                                    "report",
                                    "sweep.record")));

    private static JavaClasses classes;

    @BeforeAll
    static void importClasses() {
        classes =
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("org.learningdynamics");
    }

    @TestFactory
    Stream<DynamicTest> importsOnlyAlongItsArrows() {
        return ARROWS.keySet().stream()
                .sorted()
                .map(name -> DynamicTest.dynamicTest(name, () -> checkArrows(name)));
    }

    @TestFactory
    Stream<DynamicTest> libraryStaysBehindItsFence() {
        return FENCES.keySet().stream()
                .sorted()
                .map(library -> DynamicTest.dynamicTest(library, () -> checkFence(library)));
    }

    /** A sweep is drawn where its files are, without Arbiter and ND4J. */
    @Test
    void sweepFilesAreReadWithoutArbiter() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage(ROOT + "sweep.record..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.nd4j..", "org.deeplearning4j..", ROOT + "sweep", ROOT + "train..")
                .check(classes);
    }

    /** The rest of {@code spark} loads without dl4j-spark. */
    @Test
    void onlyTrainingOnSparkNeedsItsLibrary() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage(ROOT + "spark")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "spark.dl4j..")
                .allowEmptyShould(true)
                .check(classes);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(classes);
    }

    @Test
    void everyPackageHasItsArrows() {
        ArchRuleDefinition.classes()
                .should()
                .resideInAnyPackage(
                        ARROWS.keySet().stream()
                                .map(name -> ROOT + name + "..")
                                .toArray(String[]::new))
                .check(classes);
    }

    private static void checkArrows(String name) {
        List<String> allowed =
                Stream.concat(Stream.of(name), ARROWS.get(name).stream())
                        .map(other -> ROOT + other + "..")
                        .toList();
        DescribedPredicate<JavaClass> forbidden =
                JavaClass.Predicates.resideInAPackage("org.learningdynamics..")
                        .and(
                                DescribedPredicate.not(
                                        JavaClass.Predicates.resideInAnyPackage(
                                                allowed.toArray(String[]::new))));
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage(ROOT + name + "..")
                .should()
                .dependOnClassesThat(forbidden)
                .allowEmptyShould(true)
                .check(classes);
    }

    private static void checkFence(String library) {
        String[] inside =
                FENCES.get(library).stream().map(name -> ROOT + name + "..").toArray(String[]::new);
        ArchRuleDefinition.noClasses()
                .that()
                .resideOutsideOfPackages(inside)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(library)
                .check(classes);
    }
}

package org.learningdynamics.samples.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.learningdynamics.doctor.Check;
import org.learningdynamics.doctor.Doctor;
import picocli.CommandLine.Command;

/** {@code dynamics doctor}. */
@Command(
        name = "doctor",
        description =
                "Looks at Java, ND4J's backend and its speed, GPUs, memory and the class path, and"
                        + " says what could be better.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    private final Console console;

    DoctorCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        List<Check> checks = Doctor.examine();
        checks.forEach(check -> console.out().println(check));
        boolean problem = checks.stream().anyMatch(c -> c.outcome() == Check.Outcome.PROBLEM);
        return problem ? ExitCode.FAILURE : ExitCode.OK;
    }
}

using Podsharp.Api.Docker.Containers.Writing;
using Podsharp.Core.Containers;

namespace Podsharp.Api.Tests.Containers.Writing;

public sealed class StatusTextTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [TestCase(0.9, "Less than a second")]
    [TestCase(1.9, "1 second")]
    [TestCase(59, "59 seconds")]
    [TestCase(60, "About a minute")]
    [TestCase(119, "About a minute")]
    [TestCase(120, "2 minutes")]
    [TestCase(59 * 60, "59 minutes")]
    [TestCase(60 * 60, "About an hour")]
    [TestCase(89 * 60, "About an hour")]
    [TestCase(90 * 60, "2 hours")]
    [TestCase(47 * 3600, "47 hours")]
    [TestCase(48 * 3600, "2 days")]
    [TestCase(13 * 86400, "13 days")]
    [TestCase(14 * 86400, "2 weeks")]
    [TestCase(59 * 86400, "8 weeks")]
    [TestCase(60 * 86400, "2 months")]
    [TestCase(729 * 86400, "24 months")]
    [TestCase(730 * 86400, "2 years")]
    public void Words_durations_as_docker_does(double seconds, string text) =>
        Assert.That(HumanDuration.Of(TimeSpan.FromSeconds(seconds)), Is.EqualTo(text));

    [TestCase(ContainerPhase.Created, "Created")]
    [TestCase(ContainerPhase.Running, "Up 5 minutes")]
    [TestCase(ContainerPhase.Paused, "Up 5 minutes (Paused)")]
    [TestCase(ContainerPhase.Restarting, "Restarting (3) 3 seconds ago")]
    [TestCase(ContainerPhase.Exited, "Exited (3) 3 seconds ago")]
    [TestCase(ContainerPhase.Removing, "Removal In Progress")]
    [TestCase(ContainerPhase.Dead, "Dead")]
    public void Says_what_a_container_does_and_since_when(ContainerPhase phase, string text)
    {
        var state = new ContainerState { Phase = phase, ExitCode = 3, Started = Now.AddMinutes(-5), Finished = Now.AddSeconds(-3) };

        Assert.That(StatusText.Of(state, null, Now), Is.EqualTo(text));
    }

    [TestCase(HealthStatus.Starting, "Up 5 minutes (health: starting)")]
    [TestCase(HealthStatus.Healthy, "Up 5 minutes (healthy)")]
    [TestCase(HealthStatus.Unhealthy, "Up 5 minutes (unhealthy)")]
    public void Says_how_a_running_container_is(HealthStatus health, string text)
    {
        var state = new ContainerState { Phase = ContainerPhase.Running, Started = Now.AddMinutes(-5) };

        Assert.That(StatusText.Of(state, new ContainerHealth(health, 0, []), Now), Is.EqualTo(text));
    }

    [Test]
    public void A_command_is_shown_with_quotes_around_arguments_with_blanks()
    {
        var process = new ProcessSpec { Entrypoint = ["sh"], Command = ["-c", "echo hi"] };

        Assert.That(CommandText.Of(process), Is.EqualTo("sh -c 'echo hi'"));
    }
}

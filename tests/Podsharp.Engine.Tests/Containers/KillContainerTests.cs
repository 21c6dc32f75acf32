using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Engine.Containers;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers;

public sealed class KillContainerTests : EndingFixture
{
    private readonly KillContainer _kill;

    public KillContainerTests() => _kill = new KillContainer(new ContainerLookup(Containers), Stop, States, Restarts);

    [TestCase(ContainerPhase.Exited)]
    [TestCase(ContainerPhase.Created)]
    public async Task What_does_not_run_cannot_be_killed(ContainerPhase phase)
    {
        var container = Containers.Put(Samples.Container("c", Samples.Image("i"), phase));

        var failure = await Assert.ThrowsAsync<EngineException>(() => RunAsync("c", "SIGTERM"));

        Assert.That((failure!.Kind, failure.Message), Is.EqualTo((ErrorKind.Conflict, $"cannot kill container: c: container {container.Id} is not running")));
    }

    [TestCase("nobody", "SIGTERM", ErrorKind.NotFound, "cannot kill container: nobody: No such container: nobody")]
    [TestCase("c", "NONSENSE", ErrorKind.InvalidInput, "cannot kill container: c: ")]
    public async Task A_refusal_names_the_container_as_it_was_asked_for(string name, string signal, ErrorKind kind, string message)
    {
        Containers.Put(Samples.Container("c", Samples.Image("i"), ContainerPhase.Running));

        var failure = await Assert.ThrowsAsync<EngineException>(() => RunAsync(name, signal));

        Assert.That((failure!.Kind, failure.Message), Is.EqualTo((kind, failure.Message)));
        Assert.That(failure.Message, Does.StartWith(message));
        Assert.That(Runtime.Calls, Is.Empty);
    }

    [Test]
    public async Task A_signal_that_ends_nothing_is_sent_and_no_more()
    {
        var container = Containers.Put(Samples.Container("c", Samples.Image("i"), ContainerPhase.Running));

        await RunAsync("c", "SIGUSR1");

        Assert.That(Runtime.Calls, Is.EqualTo(new[] { "signal 10" }));
        Assert.That(Containers.Find(container.Id)!.State.StoppedByUser, Is.False);
    }

    [TestCase(null, "SIGUSR1", true)]
    [TestCase(null, "SIGTERM", true)]
    [TestCase("SIGUSR1", "SIGUSR1", true)]
    [TestCase("SIGUSR1", "SIGTERM", false)]
    public async Task A_paused_one_goes_on_for_a_signal_that_may_end_it(string? stopSignal, string signal, bool goesOn)
    {
        var container = Samples.Container("c", Samples.Image("i"), ContainerPhase.Paused);
        Containers.Put(container with { Spec = container.Spec with { StopSignal = stopSignal } });

        await RunAsync("c", signal);

        Assert.That(Runtime.Calls.Contains("resume"), Is.EqualTo(goesOn));
        Assert.That(Containers.Find(container.Id)!.State.Phase, Is.EqualTo(goesOn ? ContainerPhase.Running : ContainerPhase.Paused));
        Assert.That(Told.Actions, Is.EqualTo(goesOn ? ["container unpause", "container kill"] : new[] { "container kill" }));
    }

    private Task RunAsync(string container, string signal) => _kill.RunAsync(new KillContainerRequest(container, signal), TestContext.CurrentContext.CancellationToken);
}

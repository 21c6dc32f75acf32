using Podsharp.Core.Containers;
using Podsharp.Core.Runtime;
using Podsharp.Engine.Containers.Launch;

namespace Podsharp.Engine.Tests.Containers.Launch;

public sealed class ExitHandlerTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddHours(1);

    [TestCase(-4, 0)]
    [TestCase(4, 4)]
    public void A_container_ends_no_sooner_than_it_started(int exitAfter, int finishedAfter)
    {
        var exit = new ContainerExit(ContainerId.New(), 1, 0, OutOfMemory: false, Start.AddMilliseconds(exitAfter));

        var state = ExitHandler.Exited(new ContainerState { Phase = ContainerPhase.Running, Started = Start }, exit);

        Assert.That(state.Finished, Is.EqualTo(Start.AddMilliseconds(finishedAfter)));
    }

    [Test]
    public void A_container_that_never_started_ends_when_its_process_did()
    {
        var exit = new ContainerExit(ContainerId.New(), 1, 127, OutOfMemory: false, Start);

        Assert.That(ExitHandler.Exited(new ContainerState { Phase = ContainerPhase.Created }, exit).Finished, Is.EqualTo(Start));
    }
}

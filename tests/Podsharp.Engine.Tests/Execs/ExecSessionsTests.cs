using Podsharp.Core.Containers;
using Podsharp.Engine.Execs;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Execs;

public sealed class ExecSessionsTests
{
    [Test]
    public void Sessions_are_open_from_their_creation_until_they_have_ended()
    {
        var containers = new FakeContainerStore();
        var container = Samples.Container("c", Samples.Image("image"), ContainerPhase.Running);
        containers.Put(container);
        var sessions = new ExecSessions(containers, new FakeClock(Samples.Time));
        var request = new CreateExecRequest("c", ["true"], [], "", "", false, false, false, true, true, null, default);
        var waiting = sessions.Add(request, container.Id).Id;
        var ended = sessions.Add(request, container.Id).Id;

        sessions.Ended(ended, 0);

        Assert.That(sessions.OpenIn(container.Id), Is.EqualTo(new[] { waiting }));
    }
}

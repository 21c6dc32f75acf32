using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Execs;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Execs;

public sealed class ResizeExecTests
{
    private static readonly CreateExecRequest Request = new("c", ["true"], [], "", "", false, false, false, true, true, null, default);

    [TestCase(ContainerPhase.Running, ErrorKind.NotFound)]
    [TestCase(ContainerPhase.Exited, ErrorKind.Conflict)]
    public async Task A_process_that_has_ended_is_not_there_while_its_container_runs(ContainerPhase phase, ErrorKind kind)
    {
        var (sessions, containers, id) = Session(phase);
        sessions.Claim(id);
        sessions.Ended(id, 0);

        Assert.That((await RefusalAsync(sessions, containers, id)).Kind, Is.EqualTo(kind));
    }

    [Test]
    public async Task One_that_nobody_has_started_is_in_the_wrong_state()
    {
        var (sessions, containers, id) = Session(ContainerPhase.Running);

        Assert.That((await RefusalAsync(sessions, containers, id)).Kind, Is.EqualTo(ErrorKind.Conflict));
    }

    private static (ExecSessions Sessions, FakeContainerStore Containers, ContainerId Id) Session(ContainerPhase phase)
    {
        var containers = new FakeContainerStore();
        var container = Samples.Container("c", Samples.Image("image"), phase);
        containers.Put(container);
        var sessions = new ExecSessions(containers, new FakeClock(Samples.Time));
        return (sessions, containers, sessions.Add(Request, container.Id).Id);
    }

    private static async Task<EngineException> RefusalAsync(ExecSessions sessions, FakeContainerStore containers, ContainerId id) => (await Assert.ThrowsAsync<EngineException>(() =>
        new ResizeExec(sessions, new ContainerLookup(containers)).RunAsync(new ResizeExecRequest(id.ToString(), new TerminalSize(20, 70)), CancellationToken.None)))!;
}

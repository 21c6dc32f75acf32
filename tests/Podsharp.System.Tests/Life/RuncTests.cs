namespace Podsharp.System.Tests.Life;

/// <summary>The same containers on the other OCI runtime.</summary>
public sealed class RuncTests
{
    private const string Image = BusyboxImage.Name;

    private PodsharpService _service = null!;

    private DockerCommandLine Docker => _service.Docker;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        if (PeerEngine.ConfiguredSocket is not null) Assert.Ignore("promised by Podsharp only");
        _service = await PodsharpService.StartWithImageAsync(new ServiceSetup { Runtime = "runc" });
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_service is null) return;
        var leftovers = await Eventually.SettleAsync(async () => await _service.LeftoversAsync(await _service.ContainersEverAsync()), found => found.Count == 0);
        await _service.DisposeAsync();
        Assert.That(leftovers, Is.Empty);
    }

    [Test]
    public async Task Info_names_runc() => Assert.That(await Docker.OutputAsync("info", "-f", "{{.DefaultRuntime}}"), Is.EqualTo("runc"));

    [TestCase(0, "true")]
    [TestCase(7, "sh", "-c", "exit 7")]
    [TestCase(126, "/etc/notes")]
    [TestCase(127, "no-such-command")]
    public async Task Exit_codes_are_the_same(int code, params string[] command)
    {
        var result = await Docker.RunAsync(["run", "--rm", Image, .. command]);

        Assert.That(result.ExitCode, Is.EqualTo(code), result.Error);
    }

    [Test]
    public async Task Output_and_input_flow()
    {
        Assert.That(await Docker.Command("run", "--rm", "-i", Image, "cat").WithInput("through runc").OutputAsync(), Is.EqualTo("through runc"));
    }

    [Test]
    public async Task Terminals_have_their_size()
    {
        await using var terminal = Docker.Terminal(31, 97, "run", "--rm", "-it", Image, "sh");
        terminal.Type("until [ \"$(stty size)\" != '0 0' ]; do :; done; sleep 0.2; stty size; exit 4\n");

        await terminal.ExpectAsync("31 97\r\n");
        Assert.That((await terminal.WaitAsync()).ExitCode, Is.EqualTo(4));
    }

    [Test]
    public async Task Exec_stop_restart_pause_and_kill_work()
    {
        await Docker.OutputAsync("run", "-d", "--name", "verbs", "-m", "64m", Image, "sh", "-c", "trap 'exit 9' TERM; while :; do sleep 0.1; done");
        Assert.That(await Docker.OutputAsync("exec", "verbs", "echo", "inside"), Is.EqualTo("inside"));
        await Docker.OutputAsync("pause", "verbs");
        await Docker.OutputAsync("unpause", "verbs");
        await Docker.OutputAsync("restart", "verbs");
        await Docker.OutputAsync("stop", "verbs");
        Assert.That(await Docker.InspectAsync("verbs", "{{.State.ExitCode}}"), Is.EqualTo("9"));
        await Docker.OutputAsync("start", "verbs");
        await Docker.OutputAsync("rm", "-f", "verbs");
    }

    [Test]
    public async Task System_calls_are_filtered_and_capabilities_dropped()
    {
        var status = await Docker.OutputAsync("run", "--rm", Image, "grep", "-E", "^(Seccomp|CapBnd):", "/proc/self/status");

        Assert.That(status, Does.Match(@"Seccomp:\s+2").And.Not.Match("CapBnd:\\s+000001ff"));
    }

    [Test]
    public async Task Several_run_at_once()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 8), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, _) =>
            Assert.That(await Docker.OutputAsync("run", "--rm", Image, "echo", $"{number}"), Is.EqualTo($"{number}")));
    }
}

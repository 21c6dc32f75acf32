using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Oci;
using Podsharp.Core.Runtime;
using Podsharp.Core.Storage;
using Podsharp.Drivers.Logs;
using Podsharp.Drivers.Monitors;
using Podsharp.Drivers.OciRuntime;

namespace Podsharp.Drivers.Tests.Monitors;

[TestFixture]
public sealed class MonitorCommandTests
{
    private static readonly DriverOptions Options = new() { Paths = new StorePaths("/r", "/run/r"), Monitor = "/bin/true" };

    [Test]
    public void The_waker_runs_only_when_nobody_holds_the_store()
    {
        var line = Line(Options with { Waker = ["/opt/service", "wake", "--root", "/r"] }, Request());

        Assert.That(line, Does.Match("--exit-command \\S*/flock --exit-command-arg -n --exit-command-arg -o --exit-command-arg /r/lock "
            + "--exit-command-arg /opt/service --exit-command-arg wake --exit-command-arg --root --exit-command-arg /r$"));
    }

    [Test]
    public void A_terminal_excludes_the_stdin_pipe()
    {
        var words = Line(Options, Request() with { Terminal = true, OpenStdin = true }).Split(' ');

        Assert.That(words, Does.Contain("-t").And.Not.Contain("-i"));
    }

    [TestCase("json-file")]
    [TestCase("local")]
    public void Files_of_other_engines_names_are_kept_in_the_k8s_format(string driver)
    {
        var request = Request() with { LogDriver = driver, LogSizeMaximum = 4096 };

        Assert.That(Line(Options, request), Does.Contain($"-l k8s-file:/r/containers/{request.Id}/ctr.log").And.Contain("--log-size-max 4096"));
    }

    [Test]
    public void The_journal_gets_the_tag()
    {
        var directory = Directory.CreateTempSubdirectory("podsharp-journal-").FullName;
        File.WriteAllText(Path.Join(directory, "socket"), "");

        var line = Line(Options with { Journal = new JournalPlace { Sockets = directory } }, Request() with { LogDriver = "journald", LogTag = "web" });
        Directory.Delete(directory, recursive: true);

        Assert.That(line, Does.Contain("-l journald").And.Contain("--log-tag web"));
    }

    [Test]
    public void Where_nobody_writes_a_journal_the_driver_journald_is_refused()
    {
        var failure = Assert.Throws<EngineException>(
            () => Line(Options with { Journal = new JournalPlace { Sockets = "/nowhere" } }, Request() with { LogDriver = "journald" }));

        Assert.That(failure!.Message, Does.EndWith("journald is not enabled on this host"));
    }

    [Test]
    public void An_unknown_log_driver_is_refused_by_name()
    {
        var failure = Assert.Throws<EngineException>(() => Line(Options, Request() with { LogDriver = "splunk" }));

        Assert.That((failure!.Kind, failure.Message), Is.EqualTo((ErrorKind.InvalidInput, failure.Message)));
        Assert.That(failure.Message, Does.Contain("splunk"));
    }

    [Test]
    public void Without_control_groups_crun_is_told_to_make_none() =>
        Assert.That(new Runtime("/usr/bin/crun", "/r", ControlGroupManager.None, []).GlobalArguments(null), Does.Contain("--cgroup-manager=disabled"));

    private static CreateProcessRequest Request() => new()
    {
        Id = ContainerId.New(),
        Name = "test",
        Generation = 1,
        LogDriver = "k8s-file",
        Spec = new RuntimeSpec
        {
            Process = TestBed.Process("true"),
            Root = new RuntimeRoot("/", Readonly: false),
            Linux = new LinuxSpec(),
        },
    };

    private static string Line(DriverOptions options, CreateProcessRequest request)
    {
        var runtime = new Runtime("/usr/bin/crun", "/run/r/runtime/crun", ControlGroupManager.Files, []);
        return new MonitorCommand(options).For(request, runtime, Bundle.Of(options.Paths, request.Id, request.Generation)).ToString();
    }
}

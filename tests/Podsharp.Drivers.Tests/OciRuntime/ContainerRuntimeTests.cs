using System.Security.Cryptography;
using System.Text;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Oci;

namespace Podsharp.Drivers.Tests.OciRuntime;

[TestFixture]
[Category("Root")]
[CancelAfter(60_000)]
public sealed class ContainerRuntimeTests
{
    [TestCase("crun")]
    [TestCase("runc")]
    public async Task Output_of_a_container_comes_to_who_attached_before_the_start(string runtime)
    {
        await using var bed = new TestBed(options => options with { Runtime = runtime });
        var container = await bed.CreateAsync(bed.Request("/bin/sh", "-c", "echo out; echo err >&2; exit 7"));
        await using var stdio = await bed.Runtime.AttachAsync(container, CancellationToken.None);

        await bed.Runtime.StartAsync(container.Id, CancellationToken.None);
        var (output, error) = await TestBed.ReadToEndAsync(stdio);

        Assert.That(Encoding.UTF8.GetString(output), Is.EqualTo("out\n"));
        Assert.That(Encoding.UTF8.GetString(error), Is.EqualTo("err\n"));
    }

    [Test]
    public async Task A_hundred_megabytes_go_through_cat_unharmed()
    {
        await using var bed = new TestBed();
        var container = await bed.CreateAsync(bed.Request("/bin/cat") with { OpenStdin = true, LogDriver = "none" });
        await using var stdio = await bed.Runtime.AttachAsync(container, CancellationToken.None);
        await bed.Runtime.StartAsync(container.Id, CancellationToken.None);
        var data = RandomNumberGenerator.GetBytes(100 << 20);

        var reading = TestBed.ReadToEndAsync(stdio);
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        await stdio.WriteAsync(data, CancellationToken.None);
        await stdio.CloseInputAsync(CancellationToken.None);
        var (output, _) = await reading;
        TestContext.Out.WriteLine($"{100 / System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds:F0} MB/s");

        Assert.That(SHA256.HashData(output), Is.EqualTo(SHA256.HashData(data)));
    }

    [TestCase("/bin/nosuch", "executable file not found in $PATH", "crun")]
    [TestCase("nosuch", "executable file not found in $PATH", "crun")]
    [TestCase("/etc/plain", "permission denied", "crun")]
    [TestCase("/bin/nosuch", "executable file not found in $PATH", "runc")]
    [TestCase("nosuch", "executable file not found in $PATH", "runc")]
    [TestCase("/etc/plain", "permission denied", "runc")]
    public async Task A_command_that_cannot_be_run_fails_the_creation_and_leaves_nothing(string command, string words, string runtime)
    {
        await using var bed = new TestBed(options => options with { Runtime = runtime });
        var request = bed.Request(command);

        var failure = await Assert.ThrowsAsync<EngineException>(() => bed.CreateAsync(request));

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.InvalidInput));
        Assert.That(failure.Message, Does.Contain(words));
        Assert.That(Directory.GetDirectories(Path.Join(bed.Paths.RuntimeState, runtime)).Where(d => !Path.GetFileName(d).StartsWith('.')), Is.Empty);
        Assert.That(Directory.GetFileSystemEntries(bed.Paths.RunContainer(request.Id)), Is.Empty);
    }

    [Test]
    public async Task A_signal_reaches_the_process_and_not_another_of_the_same_number()
    {
        await using var bed = new TestBed();
        var container = await bed.CreateAsync(bed.Request("/bin/sleep", "1000"));
        await using var stdio = await bed.Runtime.AttachAsync(container, CancellationToken.None);
        await bed.Runtime.StartAsync(container.Id, CancellationToken.None);
        var other = container with { State = container.State with { PidStartTime = container.State.PidStartTime - 1 } };

        Assert.That(await bed.Runtime.SignalAsync(other, 9, CancellationToken.None), Is.False);
        Assert.That(bed.Runtime.IsAlive(container.State.Pid, container.State.PidStartTime), Is.True);
        Assert.That(await bed.Runtime.SignalAsync(container, 9, CancellationToken.None), Is.True);
        await TestBed.ReadToEndAsync(stdio);
        Assert.That(await bed.ExitCodeAsync(container), Is.EqualTo("137"));
    }

    [TestCase("crun")]
    [TestCase("runc")]
    public async Task A_paused_container_is_deleted_with_its_control_group(string runtime)
    {
        await using var bed = new TestBed(options => options with { Runtime = runtime });
        var container = await bed.StartAsync(bed.Request("/bin/sleep", "1000"));
        await bed.Runtime.PauseAsync(container.Id, CancellationToken.None);

        await bed.Runtime.DeleteAsync(container.Id, CancellationToken.None);

        Assert.That(bed.Runtime.IsAlive(container.State.Pid, container.State.PidStartTime), Is.False);
        Assert.That(GroupsOf(container.Id), Is.Empty);
    }

    [Test]
    public async Task Groups_that_a_container_made_below_its_own_go_with_it()
    {
        await using var bed = new TestBed();
        var container = await bed.StartAsync(bed.Request("/bin/sleep", "1000"));
        foreach (var group in GroupsOf(container.Id)) Directory.CreateDirectory(Path.Join(group, "inner", "innermost"));

        await bed.Runtime.DeleteAsync(container.Id, CancellationToken.None);

        Assert.That(GroupsOf(container.Id), Is.Empty);
    }

    [Test]
    public async Task A_control_group_that_a_failed_creation_left_goes_with_the_container()
    {
        await using var bed = new TestBed();
        var container = await bed.StartAsync(bed.Request("/bin/true"));
        // As after a create that the runtime undid itself, but for the group whose last process was still ending.
        Directory.Delete(Path.Join(bed.Paths.RuntimeState, "crun", container.Id.ToString()), recursive: true);

        await bed.Runtime.DeleteAsync(container.Id, CancellationToken.None);

        Assert.That(GroupsOf(container.Id), Is.Empty);
    }

    [Test]
    public async Task Pause_freezes_and_resume_thaws()
    {
        await using var bed = new TestBed();
        var container = await bed.StartAsync(bed.Request("/bin/sleep", "1000"));
        var state = "/sys/fs/cgroup/freezer/podsharp-test/" + container.Id + "/freezer.state";

        await bed.Runtime.PauseAsync(container.Id, CancellationToken.None);
        Assert.That(File.ReadAllText(state), Is.EqualTo("FROZEN\n"));
        await bed.Runtime.ResumeAsync(container.Id, CancellationToken.None);
        Assert.That(File.ReadAllText(state), Is.EqualTo("THAWED\n"));
    }

    [Test]
    public async Task Update_sets_limits()
    {
        await using var bed = new TestBed();
        var container = await bed.StartAsync(bed.Request("/bin/sleep", "1000"));

        await bed.Runtime.UpdateAsync(container.Id, new LinuxResources { Memory = new LinuxMemory { Limit = 64 << 20 } }, CancellationToken.None);

        Assert.That(File.ReadAllText($"/sys/fs/cgroup/memory/podsharp-test/{container.Id}/memory.limit_in_bytes"), Is.EqualTo("67108864\n"));
    }

    [Test]
    public async Task Processes_are_all_of_the_container_and_only_those()
    {
        await using var bed = new TestBed();
        var container = await bed.StartAsync(bed.Request("/bin/sh", "-c", "sleep 1000 & sleep 1000 & wait"));
        IReadOnlyList<int> pids;
        var patience = DateTime.UtcNow.AddSeconds(10);
        do pids = await bed.Runtime.ProcessesAsync(container, CancellationToken.None);
        while (pids.Count < 3 && DateTime.UtcNow < patience);

        Assert.That(pids, Has.Count.EqualTo(3).And.Contain(container.State.Pid).And.Not.Contain(container.State.MonitorPid));
    }

    [Test]
    public async Task A_terminal_has_the_size_it_was_given()
    {
        await using var bed = new TestBed();
        var request = bed.Request("/bin/sh", "-c", "until [ \"$(stty size)\" = '34 98' ]; do sleep 0.02; done; stty size");
        request = request with { Terminal = true, OpenStdin = true, Spec = request.Spec with { Process = request.Spec.Process with { Terminal = true } } };
        var container = await bed.CreateAsync(request);
        await using var stdio = await bed.Runtime.AttachAsync(container, CancellationToken.None);
        await bed.Runtime.ResizeAsync(container, new TerminalSize(33, 99), CancellationToken.None);
        await bed.Runtime.StartAsync(container.Id, CancellationToken.None);
        await bed.Runtime.ResizeAsync(container, new TerminalSize(34, 98), CancellationToken.None);
        var (output, _) = await TestBed.ReadToEndAsync(stdio);

        Assert.That(Encoding.UTF8.GetString(output), Does.EndWith("34 98\r\n"));
    }

    [Test]
    public async Task Deletion_keeps_what_is_mounted_beside_the_generations()
    {
        await using var bed = new TestBed();
        var container = await bed.StartAsync(bed.Request("/bin/sleep", "1000"));
        var kept = Path.Join(bed.Paths.RootFs(container.Id), "file");
        Directory.CreateDirectory(bed.Paths.RootFs(container.Id));
        File.WriteAllText(kept, "");

        await bed.Runtime.DeleteAsync(container.Id, CancellationToken.None);
        await bed.Runtime.DeleteAsync(container.Id, CancellationToken.None);

        Assert.That(File.Exists(kept), Is.True);
        Assert.That(Directory.Exists(bed.Paths.Bundle(container.Id, 1)), Is.False);
        Assert.That(bed.Runtime.IsAlive(container.State.Pid, container.State.PidStartTime), Is.False);
    }

    [Test]
    public async Task A_run_directory_with_a_long_name_is_no_obstacle()
    {
        await using var bed = new TestBed(options => options with
        {
            Paths = options.Paths with { RunRoot = Path.Join(options.Paths.RunRoot, new string('x', 90)) },
        });
        var container = await bed.CreateAsync(bed.Request("/bin/echo", "far"));
        await using var stdio = await bed.Runtime.AttachAsync(container, CancellationToken.None);
        await bed.Runtime.StartAsync(container.Id, CancellationToken.None);

        Assert.That(Encoding.UTF8.GetString((await TestBed.ReadToEndAsync(stdio)).Output), Is.EqualTo("far\n"));
    }

    private static string[] GroupsOf(ContainerId id) =>
        [.. Directory.GetDirectories("/sys/fs/cgroup").Select(hierarchy => Path.Join(hierarchy, "podsharp-test", id.ToString())).Where(Directory.Exists)];
}

using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Runtime;

namespace Podsharp.Drivers.Tests.Execs;

[TestFixture("crun")]
[TestFixture("runc")]
[Category("Root")]
[CancelAfter(60_000)]
public sealed class ExecTests(string runtime)
{
    private TestBed _bed = null!;
    private Container _container = null!;

    [OneTimeSetUp]
    public async Task SetUp()
    {
        _bed = new TestBed(options => options with { Runtime = runtime });
        _container = await _bed.StartAsync(_bed.Request("/bin/sleep", "1000"));
    }

    [OneTimeTearDown]
    public async Task TearDown() => await _bed.DisposeAsync();

    [Test]
    public async Task Gives_output_error_and_exit_code()
    {
        await using var exec = await ExecAsync("/bin/sh", "-c", "echo out; echo err >&2; exit 7");

        var (output, error) = await TestBed.ReadToEndAsync(exec.Stdio!);

        Assert.That((Encoding.UTF8.GetString(output), Encoding.UTF8.GetString(error)), Is.EqualTo(("out\n", "err\n")));
        Assert.That(await exec.Exited, Is.EqualTo(7));
    }

    [Test]
    public async Task A_hundred_megabytes_go_through_cat_unharmed()
    {
        var data = RandomNumberGenerator.GetBytes(100 << 20);
        await using var exec = await _bed.Runtime.ExecAsync(Request("/bin/cat") with { OpenStdin = true }, CancellationToken.None);

        var reading = TestBed.ReadToEndAsync(exec.Stdio!);
        var started = Stopwatch.GetTimestamp();
        await exec.Stdio!.WriteAsync(data, CancellationToken.None);
        await exec.Stdio.CloseInputAsync(CancellationToken.None);
        var (output, _) = await reading;
        TestContext.Out.WriteLine($"{100 / Stopwatch.GetElapsedTime(started).TotalSeconds:F0} MB/s");

        Assert.That(SHA256.HashData(output), Is.EqualTo(SHA256.HashData(data)));
        Assert.That(await exec.Exited, Is.Zero);
    }

    [TestCase("/bin/nosuch", ErrorKind.InvalidInput, "executable file not found")]
    [TestCase("nosuch", ErrorKind.InvalidInput, "executable file not found")]
    [TestCase("/etc/plain", ErrorKind.InvalidInput, "permission denied")]
    [TestCase("/etc", ErrorKind.InvalidInput, "permission denied")]
    public async Task A_command_that_cannot_be_run_fails_before_any_output(string command, ErrorKind kind, string words)
    {
        var failure = await Assert.ThrowsAsync<EngineException>(async () => await ExecAsync(command));

        Assert.That(failure!.Kind, Is.EqualTo(kind));
        Assert.That(failure.Message, Does.Contain(words));
    }

    [Test]
    public async Task Without_stdin_the_process_reads_the_end_at_once()
    {
        await using var exec = await ExecAsync("/bin/cat");

        Assert.That((await TestBed.ReadToEndAsync(exec.Stdio!)).Output, Is.Empty);
        Assert.That(await exec.Exited, Is.Zero);
    }

    [Test]
    public async Task A_terminal_takes_input_and_size()
    {
        var process = TestBed.Process("/bin/sh", "-c", "read line; echo got $line; stty size") with { Terminal = true };
        await using var exec = await _bed.Runtime.ExecAsync(
            Request() with { Process = process, OpenStdin = true }, CancellationToken.None);

        await exec.ResizeAsync(new TerminalSize(41, 123), CancellationToken.None);
        await Task.Delay(100);
        await exec.Stdio!.WriteAsync("hey\n"u8.ToArray(), CancellationToken.None);
        var (output, _) = await TestBed.ReadToEndAsync(exec.Stdio);

        Assert.That(Encoding.UTF8.GetString(output), Does.Contain("got hey\r\n").And.EndWith("41 123\r\n"));
        Assert.That(await exec.Exited, Is.Zero);
    }

    [Test]
    public async Task A_detached_process_has_no_stdio_but_an_exit_code()
    {
        await using var exec = await _bed.Runtime.ExecAsync(Request("/bin/sh", "-c", "exit 3") with { Detached = true }, CancellationToken.None);

        Assert.That(exec.Stdio, Is.Null);
        Assert.That(await exec.Exited, Is.EqualTo(3));
    }

    [Test]
    public async Task The_end_comes_with_the_process_even_if_its_children_keep_the_pipes()
    {
        Assume.That(runtime, Is.EqualTo("crun"), "runc copies stdio itself and waits for its end");
        await using var exec = await ExecAsync("/bin/sh", "-c", "sleep 300 & echo done");

        Assert.That(Encoding.UTF8.GetString((await TestBed.ReadToEndAsync(exec.Stdio!)).Output), Is.EqualTo("done\n"));
        Assert.That(await exec.Exited, Is.Zero);
    }

    [Test]
    public async Task Nothing_of_the_service_is_open_in_the_process()
    {
        await using var exec = await ExecAsync("/bin/sh", "-c", "ls /proc/self/fd");

        // 3 is the directory that ls reads.
        Assert.That(Encoding.UTF8.GetString((await TestBed.ReadToEndAsync(exec.Stdio!)).Output), Is.EqualTo("0\n1\n2\n3\n"));
    }

    [Test]
    public async Task The_pid_is_that_of_the_process()
    {
        await using var exec = await _bed.Runtime.ExecAsync(Request("/bin/cat") with { OpenStdin = true }, CancellationToken.None);

        Assert.That(await File.ReadAllTextAsync($"/proc/{exec.Pid}/cgroup"), Does.Contain(_container.Id.ToString()));
        await exec.Stdio!.CloseInputAsync(CancellationToken.None);
        Assert.That(await exec.Exited, Is.Zero);
    }

    private ExecProcessRequest Request(params string[] arguments) => new()
    {
        Container = _container,
        SessionId = ContainerId.New(),
        Process = TestBed.Process(arguments),
    };

    private async Task<IExecProcess> ExecAsync(params string[] arguments) =>
        await _bed.Runtime.ExecAsync(Request(arguments), CancellationToken.None);
}

using System.Diagnostics;
using System.Text;
using Podsharp.Linux.Processes;

namespace Podsharp.Linux.Tests.Processes;

[TestFixture]
public sealed class ProcessRunnerTests
{
    [Test]
    public async Task Answers_exit_code_and_both_outputs()
    {
        var result = await RunAsync("echo out; echo err >&2; exit 7");

        Assert.That((result.ExitCode, result.OutputText, result.ErrorText), Is.EqualTo((7, "out\n", "err\n")));
    }

    [Test]
    public async Task A_death_by_signal_is_128_and_the_signal()
    {
        var result = await RunAsync("kill -TERM $$");

        Assert.That(result.ExitCode, Is.EqualTo(143));
    }

    [Test]
    public async Task Hands_input_to_the_tool()
    {
        var input = new byte[3 << 20];
        Random.Shared.NextBytes(input);

        var result = await ProcessRunner.RunAsync(new Command("/bin/cat"), input, CancellationToken.None);

        Assert.That(result.Output, Is.EqualTo(input));
    }

    [Test]
    public async Task A_missing_program_is_a_system_call_failure_with_the_kernels_reason()
    {
        var failure = await Assert.ThrowsAsync<SystemCallException>(
            () => ProcessRunner.RunAsync(new Command("/nonexistent/tool"), CancellationToken.None));

        Assert.That(failure!.ErrorNumber, Is.EqualTo(ErrorNumber.NoEntry));
        Assert.That(failure.Message, Does.Contain("/nonexistent/tool").And.Contain("No such file"));
    }

    [Test]
    public async Task The_child_has_no_ignored_and_no_blocked_signals()
    {
        var result = await ProcessRunner.RunAsync(
            new Command("/bin/grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"), CancellationToken.None);

        Assert.That(result.OutputText, Is.EqualTo("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n"));
    }

    [Test]
    public async Task A_child_that_ignores_broken_pipes_ignores_nothing_else()
    {
        var result = await ProcessRunner.RunAsync(
            new Command("/bin/grep", "^SigIgn", "/proc/self/status") { IgnoresBrokenPipes = true }, CancellationToken.None);

        Assert.That(result.OutputText, Is.EqualTo("SigIgn:\t0000000000001000\n"));
    }

    [Test]
    public async Task The_child_has_the_descriptors_it_was_given_and_no_others()
    {
        using var file = File.OpenHandle("/etc/os-release");

        var result = await ProcessRunner.RunAsync(
            new Command("/bin/ls", "/proc/self/fd") { Descriptors = [((int)file.DangerousGetHandle(), 7)] },
            CancellationToken.None);

        // 3 is the directory that ls reads.
        Assert.That(result.OutputText, Is.EqualTo("0\n1\n2\n3\n7\n"));
    }

    [Test]
    public async Task Descriptors_may_trade_places()
    {
        using var first = File.OpenHandle("/etc/passwd");
        using var second = File.OpenHandle("/etc/group");
        var (a, b) = ((int)first.DangerousGetHandle(), (int)second.DangerousGetHandle());

        var result = await ProcessRunner.RunAsync(
            new Command("/bin/readlink", $"/proc/self/fd/{a}", $"/proc/self/fd/{b}") { Descriptors = [(a, b), (b, a)] },
            CancellationToken.None);

        Assert.That(result.OutputText, Is.EqualTo("/etc/group\n/etc/passwd\n"));
    }

    [Test]
    public async Task Environment_and_directory_are_exactly_those_of_the_command()
    {
        var result = await ProcessRunner.RunAsync(
            new Command("/usr/bin/env", "sh", "-c", "echo $A; pwd; cat /proc/self/environ | tr '\\0' '\\n' | grep -c HOME")
            {
                Environment = ["A=grüß", "PATH=/usr/bin:/bin"],
                WorkingDirectory = "/usr",
            },
            CancellationToken.None);

        Assert.That(result.OutputText, Is.EqualTo("grüß\n/usr\n0\n"));
    }

    [Test]
    public async Task Cancelling_kills_the_tool()
    {
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        var started = Stopwatch.GetTimestamp();

        await Assert.ThrowsAsync<OperationCanceledException>(
            () => ProcessRunner.RunAsync(new Command("/bin/sleep", "60"), cancellation.Token));
        Assert.That(Stopwatch.GetElapsedTime(started), Is.LessThan(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public async Task Children_of_the_framework_and_ours_do_not_take_each_others_exit_codes()
    {
        var ours = Enumerable.Range(0, 100).Select(async i => (await RunAsync($"exit {i}")).ExitCode == i);
        var theirs = Enumerable.Range(0, 100).Select(async i =>
        {
            using var process = Process.Start("/bin/sh", ["-c", $"exit {i}"]);
            await process.WaitForExitAsync();
            return process.ExitCode == i;
        });

        var right = await Task.WhenAll(ours.Concat(theirs));

        Assert.That(right, Is.All.True);
    }

    [Test]
    public async Task A_new_session_is_led_by_the_child()
    {
        var result = await ProcessRunner.RunAsync(
            new Command("/bin/sh", "-c", "cut -d' ' -f6 /proc/$$/stat; echo $$") { NewSession = true }, CancellationToken.None);

        var lines = Encoding.UTF8.GetString(result.Output).Split('\n');
        Assert.That(lines[0], Is.EqualTo(lines[1]));
    }

    private static Task<ProcessResult> RunAsync(string script) =>
        ProcessRunner.RunAsync(new Command("/bin/sh", "-c", script), CancellationToken.None);
}

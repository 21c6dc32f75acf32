using System.Security.Cryptography;

namespace Podsharp.System.Tests.Run;

public sealed class StandardStreamsTests : EngineTest
{
    private const int Megabytes = 100;

    [Test]
    public async Task Hundred_megabytes_pass_through_run_unharmed()
    {
        var (sent, received) = await PassThroughAsync("run", "--rm", "-i", Image, "cat");

        Assert.That(received, Is.EqualTo(sent));
    }

    [Test]
    public async Task Hundred_megabytes_pass_through_exec_unharmed()
    {
        var container = await RunIdleAsync();

        var (sent, received) = await PassThroughAsync("exec", "-i", container, "cat");

        Assert.That(received, Is.EqualTo(sent));
    }

    [Test]
    public async Task End_of_input_reaches_the_container_while_its_output_still_flows()
    {
        var result = await Docker.Command("run", "--rm", "-i", Image, "sh", "-c", "read line; cat; echo got $line; sleep 0.3; echo late").WithInput("hello\n").RunAsync();

        Assert.That(result, Is.EqualTo(new CommandResult(0, "got hello\nlate\n", "")));
    }

    [Test]
    public async Task Without_i_the_container_reads_an_empty_input()
    {
        var result = await Docker.Command("run", "--rm", Image, "wc", "-c").WithInput("ignored").RunAsync();

        Assert.That(result.Output, Is.EqualTo("0\n"));
    }

    [Test]
    public async Task Exec_splits_output_and_errors_and_ends_with_the_exit_code()
    {
        var container = await RunIdleAsync();

        var result = await Docker.RunAsync("exec", container, "sh", "-c", "echo out; echo err >&2; exit 9");

        Assert.That(result, Is.EqualTo(new CommandResult(9, "out\n", "err\n")));
    }

    [Test]
    public async Task Output_written_just_before_the_end_is_not_lost()
    {
        for (var round = 0; round < 5; round++)
        {
            var output = await Docker.OutputAsync("run", "--rm", "--network", "none", Image, "sh", "-c", "dd if=/dev/zero bs=1024 count=300 2>/dev/null | tr '\\0' x");

            Assert.That(output, Has.Length.EqualTo(300 * 1024));
        }
    }

    private static async Task<(string Sent, string Received)> PassThroughAsync(params IReadOnlyList<string> arguments)
    {
        using var sent = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var received = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var command = Docker.Command(arguments) with
        {
            Input = stream => SendRandomAsync(stream, sent),
            Output = stream => HashAsync(stream, received),
        };
        await command.OutputAsync();
        return (Convert.ToHexString(sent.GetHashAndReset()), Convert.ToHexString(received.GetHashAndReset()));
    }

    private static async Task SendRandomAsync(Stream stream, IncrementalHash hash)
    {
        var block = new byte[1 << 20];
        for (var i = 0; i < Megabytes; i++)
        {
            RandomNumberGenerator.Fill(block);
            hash.AppendData(block);
            await stream.WriteAsync(block);
        }
    }

    private static async Task HashAsync(Stream stream, IncrementalHash hash)
    {
        var block = new byte[1 << 20];
        while (await stream.ReadAsync(block) is > 0 and var count) hash.AppendData(block, 0, count);
    }
}

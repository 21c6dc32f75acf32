using System.IO.Pipelines;
using NUnit.Framework;
using Podsharp.Core.Runtime;
using Podsharp.Engine.Streams;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Streams;

public sealed class StdioPumpTests
{
    private readonly FakeStdio _stdio = new();
    private readonly Pipe _input = new();
    private readonly Pipe _output = new();

    private static PumpOptions Options(bool raw = false, bool stderr = true, bool closeInput = true, byte[]? detach = null) =>
        new(raw, Stdin: true, Stdout: true, stderr, closeInput, detach ?? []);

    [Test]
    public async Task Frames_each_piece_of_output_with_its_stream_and_length()
    {
        _stdio.Print(StdioStream.Output, 1, 2, 3);
        _stdio.Print(StdioStream.Error, 9);
        _stdio.End();

        await new StdioPump(_stdio, Options()).RunAsync(_input.Reader, _output.Writer, CancellationToken.None);

        Assert.That(await OutputAsync(), Is.EqualTo(new byte[] { 1, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3, 2, 0, 0, 0, 0, 0, 0, 1, 9 }));
    }

    [Test]
    public async Task Leaves_terminal_output_as_it_is()
    {
        _stdio.Print(StdioStream.Output, 1, 2, 3);
        _stdio.End();

        await new StdioPump(_stdio, Options(raw: true)).RunAsync(_input.Reader, _output.Writer, CancellationToken.None);

        Assert.That(await OutputAsync(), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public async Task Drops_a_stream_that_was_not_asked_for()
    {
        _stdio.Print(StdioStream.Error, 9);
        _stdio.Print(StdioStream.Output, 1);
        _stdio.End();

        await new StdioPump(_stdio, Options(raw: true, stderr: false)).RunAsync(_input.Reader, _output.Writer, CancellationToken.None);

        Assert.That(await OutputAsync(), Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    public async Task Leaves_its_input_readable_when_the_process_ends_in_the_middle_of_a_write()
    {
        _stdio.InputBlocked = true;
        await _input.Writer.WriteAsync("never read"u8.ToArray());
        var running = new StdioPump(_stdio, Options(raw: true)).RunAsync(_input.Reader, _output.Writer, CancellationToken.None);
        await _stdio.WriteWaiting.Task.WaitAsync(TimeSpan.FromSeconds(10));
        _stdio.End();
        await running.WaitAsync(TimeSpan.FromSeconds(10));
        await _input.Writer.CompleteAsync();

        Assert.That((await _input.Reader.ReadAsync()).IsCompleted, Is.True);
    }

    [Test]
    public async Task Goes_on_with_output_after_the_end_of_input()
    {
        await _input.Writer.WriteAsync("hi"u8.ToArray());
        await _input.Writer.CompleteAsync();
        var running = new StdioPump(_stdio, Options(raw: true)).RunAsync(_input.Reader, _output.Writer, CancellationToken.None);
        await _stdio.InputClosing.Task.WaitAsync(TimeSpan.FromSeconds(10));

        _stdio.Print(StdioStream.Output, 7);
        _stdio.End();

        Assert.That(await running, Is.False);
        Assert.That(_stdio.Input, Is.EqualTo("hi"u8.ToArray()));
        Assert.That(await OutputAsync(), Is.EqualTo(new byte[] { 7 }));
    }

    [Test]
    public async Task Keeps_stdin_open_for_the_next_client_when_the_container_says_so()
    {
        await _input.Writer.WriteAsync("hi"u8.ToArray());
        await _input.Writer.CompleteAsync();
        _stdio.Print(StdioStream.Output, 7);
        _stdio.End();

        await new StdioPump(_stdio, Options(closeInput: false)).RunAsync(_input.Reader, _output.Writer, CancellationToken.None);

        Assert.That(_stdio.InputClosed, Is.False);
    }

    [Test]
    public async Task Ends_when_the_detach_keys_are_typed()
    {
        // One byte a read is what tells typing from pasting: each write waits until it has been taken.
        var typed = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        var running = new StdioPump(_stdio, Options(raw: true, detach: [16, 17])).RunAsync(typed.Reader, _output.Writer, CancellationToken.None);
        foreach (var key in new byte[] { (byte)'a', 16, 17 })
        {
            await typed.Writer.WriteAsync(new[] { key });
        }

        Assert.That(await running.WaitAsync(TimeSpan.FromSeconds(10)), Is.True);
        Assert.That(_stdio.Input, Is.EqualTo("a"u8.ToArray()));
    }

    [Test]
    public void Stops_when_the_client_has_gone()
    {
        using var gone = new CancellationTokenSource();
        var running = new StdioPump(_stdio, Options()).RunAsync(_input.Reader, _output.Writer, gone.Token);

        gone.Cancel();

        Assert.That(async () => await running.WaitAsync(TimeSpan.FromSeconds(10)), Throws.InstanceOf<OperationCanceledException>());
    }

    private async Task<byte[]> OutputAsync()
    {
        await _output.Writer.CompleteAsync();
        using var all = new MemoryStream();
        await _output.Reader.CopyToAsync(all);
        return all.ToArray();
    }
}

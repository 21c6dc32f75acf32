using Podsharp.Linux.Processes;

namespace Podsharp.Storage.Streams;

/// <summary>What a decompressor of the distribution makes of a stream. It is fed by a thread of its own.</summary>
internal sealed class ProgramInflation : ReadOnlyStream
{
    private const int PipeSize = 1 << 20;
    private const int Kill = 9;
    private readonly string _program;
    private readonly ChildProcess _process;
    private readonly FileStream _output;
    private readonly Task _feeding;

    private ProgramInflation(string program, string path, Stream compressed)
    {
        _program = program;
        var (input, output) = (Pipe.Create(PipeSize), Pipe.Create(PipeSize));
        try
        {
            _process = ChildProcess.Start(new Command(path, "-dc")
            {
                Descriptors = [((int)input.Reader.DangerousGetHandle(), 0), ((int)output.Writer.DangerousGetHandle(), 1)],
            });
        }
        catch
        {
            input.Writer.Dispose();
            output.Reader.Dispose();
            throw;
        }
        finally
        {
            input.Reader.Dispose();
            output.Writer.Dispose();
        }

        _output = new FileStream(output.Reader, FileAccess.Read, bufferSize: 0);
        var target = new FileStream(input.Writer, FileAccess.Write, bufferSize: 0);
        _feeding = Task.Factory.StartNew(() => Feed(compressed, target), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary><see cref="InvalidDataException"/> where the program isn't installed.</summary>
    public static ProgramInflation Start(string program, Stream compressed) =>
        ExecutablePath.Find(program) is { } path
            ? new ProgramInflation(program, path, compressed)
            : throw new InvalidDataException($"it is compressed with {program}, and there is no program \"{program}\" on this machine: install it, or use gzip or zstd");

    public override int Read(Span<byte> buffer)
    {
        var read = _output.Read(buffer);
        if (read > 0 || buffer.IsEmpty) return read;
        // A source that fails ends the program's input early: that is the reason, and the program's complaint is not.
        _feeding.GetAwaiter().GetResult();
        return _process.Exited.GetAwaiter().GetResult() == 0 ? 0 : throw new InvalidDataException($"{_program} cannot decompress it");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _process.Signal(Kill);
            _output.Dispose();
            // Not waited for: it may wait for the source, which whoever owns that ends.
            _ = _feeding.ContinueWith(static fed => _ = fed.Exception, TaskScheduler.Default);
        }

        base.Dispose(disposing);
    }

    private static void Feed(Stream source, FileStream target)
    {
        using var owned = target;
        var buffer = new byte[256 << 10];
        while (source.Read(buffer) is > 0 and var read)
        {
            try
            {
                target.Write(buffer, 0, read);
            }
            catch (IOException)
            {
                // It has seen enough.
                return;
            }
        }
    }
}

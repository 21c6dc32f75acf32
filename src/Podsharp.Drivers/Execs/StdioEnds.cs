using Microsoft.Win32.SafeHandles;
using Podsharp.Linux.Processes;

namespace Podsharp.Drivers.Execs;

/// <summary>Our ends of a process' stdio. With a terminal, Output is its master and serves both ways.</summary>
internal sealed record StdioEnds(SafeFileHandle Output, SafeFileHandle? Error, SafeFileHandle? Input, bool Terminal);

/// <summary>Pipes for one process: both ends until it is started, then ours.</summary>
internal sealed class StdioPipes : IDisposable
{
    private const int Size = 256 * 1024;

    private readonly Pipe _output;
    private readonly Pipe _error;
    private readonly Pipe? _input;

    /// <param name="place">A path where nothing is.</param>
    /// <param name="label">Of SELinux, which the process may use; empty: the service's own.</param>
    public StdioPipes(bool openStdin, string place, string label)
    {
        _output = New(Size);
        _error = New(0);
        _input = openStdin ? New(Size) : null;

        Pipe New(int size) => label.Length > 0 ? Pipe.CreateLabelled(place, label, size) : Pipe.Create(size);
    }

    public IEnumerable<(int Own, int Child)> Descriptors
    {
        get
        {
            if (_input is not null) yield return ((int)_input.Reader.DangerousGetHandle(), 0);
            yield return ((int)_output.Writer.DangerousGetHandle(), 1);
            yield return ((int)_error.Writer.DangerousGetHandle(), 2);
        }
    }

    /// <summary>The child's ends are closed.</summary>
    public StdioEnds Keep()
    {
        _output.Writer.Dispose();
        _error.Writer.Dispose();
        _input?.Reader.Dispose();
        return new StdioEnds(_output.Reader, _error.Reader, _input?.Writer, Terminal: false);
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
        _input?.Dispose();
    }
}

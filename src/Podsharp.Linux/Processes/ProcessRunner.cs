using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Linux.Processes;

/// <summary>What a short tool left behind.</summary>
public sealed record ProcessResult(int ExitCode, byte[] Output, byte[] Error)
{
    public bool Succeeded => ExitCode == 0;

    public string OutputText => Encoding.UTF8.GetString(Output);

    public string ErrorText => Encoding.UTF8.GetString(Error);
}

/// <summary>Runs short tools to their end.</summary>
public static class ProcessRunner
{
    private const int Kill = 9;

    /// <summary>
    /// Runs to the end and answers code and output, whatever the code. Cancelling kills the tool, waits for its death, and throws.
    /// <see cref="SystemCallException"/> when the program cannot be executed.
    /// </summary>
    public static Task<ProcessResult> RunAsync(Command command, CancellationToken cancellationToken) =>
        RunAsync(command, default, cancellationToken);

    /// <param name="input">What the tool reads from its stdin.</param>
    public static async Task<ProcessResult> RunAsync(Command command, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var output = MemoryFile.Create("stdout");
        using var error = MemoryFile.Create("stderr");
        using var source = input.IsEmpty ? null : MemoryFile.Create("stdin", input.Span);

        var child = ChildProcess.Start(command with { Descriptors = [.. command.Descriptors, .. Stdio(source, output, error)] });
        int code;
        using (cancellationToken.UnsafeRegister(static state => ((ChildProcess)state!).Signal(Kill), child))
        {
            code = await child.Exited;
        }

        cancellationToken.ThrowIfCancellationRequested();
        return new ProcessResult(code, MemoryFile.ReadAll(output), MemoryFile.ReadAll(error));
    }

    private static IEnumerable<(int Own, int Child)> Stdio(SafeFileHandle? input, SafeFileHandle output, SafeFileHandle error)
    {
        if (input is not null) yield return ((int)input.DangerousGetHandle(), 0);
        yield return ((int)output.DangerousGetHandle(), 1);
        yield return ((int)error.DangerousGetHandle(), 2);
    }
}

using System.Diagnostics;
using System.Text;

namespace Podsharp.Testing.System;

/// <summary>An outside program with its arguments; running it never waits longer than <see cref="Timeout"/>.</summary>
public sealed record Command(string Program, params IReadOnlyList<string> Arguments)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Writes the program's standard input, which is closed after it.</summary>
    public Func<Stream, Task>? Input { get; init; }

    /// <summary>Reads the program's standard output in place of <see cref="CommandResult.Output"/>.</summary>
    public Func<Stream, Task>? Output { get; init; }

    public Command WithInput(string text) => this with { Input = stream => stream.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask() };

    public RunningCommand Start()
    {
        var start = new ProcessStartInfo(Program, Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in Environment) start.Environment[name] = value;
        return new RunningCommand(Process.Start(start)!, this);
    }

    public async Task<CommandResult> RunAsync()
    {
        await using var running = Start();
        return await running.WaitAsync();
    }

    /// <returns>Standard output without its last line end.</returns>
    /// <exception cref="CommandFailedException">The exit code is not 0.</exception>
    public async Task<string> OutputAsync()
    {
        var result = await RunAsync();
        return result.ExitCode == 0 ? result.Output.TrimEnd('\n') : throw new CommandFailedException(this, result);
    }

    public override string ToString() => $"{Path.GetFileName(Program)} {string.Join(' ', Arguments)}";
}

public sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public string Both => Output + Error;
}

public sealed class CommandFailedException(Command command, CommandResult result)
    : Exception($"`{command}` ended with {result.ExitCode}\nstdout: {result.Output}\nstderr: {result.Error}")
{
    public CommandResult Result { get; } = result;
}

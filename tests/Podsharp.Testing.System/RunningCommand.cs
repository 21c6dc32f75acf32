using System.Diagnostics;
using System.Text;

namespace Podsharp.Testing.System;

/// <summary>A program on its way: its output is collected while it runs, so that a test can wait for a text instead of for a time.</summary>
public sealed class RunningCommand : IAsyncDisposable
{
    private readonly Command _command;
    private readonly Process _process;
    private readonly Transcript _output = new();
    private readonly Transcript _error = new();
    private readonly Task _input;
    private readonly Task _reading;

    internal RunningCommand(Process process, Command command)
    {
        _process = process;
        _command = command;
        _input = command.Input is null ? Task.CompletedTask : WriteAsync(command.Input);
        var output = process.StandardOutput.BaseStream;
        _reading = Task.WhenAll(
            command.Output is null ? _output.ReadAsync(output) : Task.Run(() => command.Output(output)),
            _error.ReadAsync(process.StandardError.BaseStream));
    }

    public int Pid => _process.Id;

    public string Output => _output.Text;

    public string Error => _error.Text;

    public string Both => Output + Error;

    public Task ExpectOutputAsync(string text) => _output.ExpectAsync(text, _command);

    public Task ExpectErrorAsync(string text) => _error.ExpectAsync(text, _command);

    public async Task SendAsync(string text)
    {
        await _process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(text));
        await _process.StandardInput.BaseStream.FlushAsync();
    }

    public void CloseInput() => _process.StandardInput.Close();

    public void Kill() => _process.Kill();

    public async Task<CommandResult> WaitAsync()
    {
        using var limit = new CancellationTokenSource(_command.Timeout);
        try
        {
            if (_command.Input is null) CloseInput();
            await Task.WhenAll(_input, _reading, _process.WaitForExitAsync(limit.Token)).WaitAsync(limit.Token);
            return new CommandResult(_process.ExitCode, Output, Error);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"`{_command}` did not end within {_command.Timeout}\nstdout: {Output}\nstderr: {Error}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task WriteAsync(Func<Stream, Task> write)
    {
        try
        {
            await write(_process.StandardInput.BaseStream);
            CloseInput();
        }
        catch (IOException)
        {
            // The program ended without reading it all; its exit code tells.
        }
    }
}

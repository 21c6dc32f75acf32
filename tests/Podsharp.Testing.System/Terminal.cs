using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Testing.System;

/// <summary>A program on a pseudo terminal of its own, as a person at a keyboard would run it.</summary>
public sealed partial class Terminal : IAsyncDisposable
{
    private const int ReadWrite = 2, NoControllingTerminal = 0x100, CloseOnExec = 0x80000;
    private const ulong SetWindowSize = 0x5414;

    private readonly SafeFileHandle _master;
    private readonly FileStream _keyboard;
    private readonly RunningCommand _program;
    private readonly Transcript _screen = new();
    private readonly Task _reading;
    private readonly Command _command;

    public Terminal(Command command, int rows, int columns)
    {
        _command = command;
        _master = new SafeFileHandle(Check(OpenMaster(ReadWrite | NoControllingTerminal | CloseOnExec)), ownsHandle: true);
        Check(Grant(_master));
        Check(Unlock(_master));
        var name = new byte[64];
        Check(SlaveName(_master, name, (nuint)name.Length));
        var slave = Encoding.ASCII.GetString(name).TrimEnd('\0');
        Resize(rows, columns);
        _keyboard = new FileStream(_master, FileAccess.ReadWrite, bufferSize: 0);
        // setsid --ctty makes its standard input the controlling terminal, which .NET's Process cannot.
        _program = new Command("/bin/sh", ["-c", $"exec setsid --ctty --wait \"$@\" <{slave} >{slave} 2>&1", "sh", command.Program, .. command.Arguments])
        {
            Environment = command.Environment,
            Timeout = command.Timeout,
        }.Start();
        _reading = _screen.ReadAsync(new FileStream(new SafeFileHandle(_master.DangerousGetHandle(), ownsHandle: false), FileAccess.Read, bufferSize: 0));
    }

    public string Screen => _screen.Text;

    /// <summary>Position on the screen's transcript, to be given to <see cref="ExpectAsync"/> as the place to look after.</summary>
    public int Mark() => _screen.Text.Length;

    public Task ExpectAsync(string text, int after = 0) => _screen.ExpectAsync(text, _command, after);

    public void Type(string text) => _keyboard.Write(Encoding.UTF8.GetBytes(text));

    public void Resize(int rows, int columns)
    {
        var size = new WindowSize { Rows = (ushort)rows, Columns = (ushort)columns };
        Check(Control(_master, SetWindowSize, in size));
    }

    public async Task<CommandResult> WaitAsync()
    {
        var result = await _program.WaitAsync();
        await _reading.WaitAsync(TimeSpan.FromSeconds(5));
        return new CommandResult(result.ExitCode, Screen, "");
    }

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        await _reading.WaitAsync(TimeSpan.FromSeconds(5));
        await _keyboard.DisposeAsync();
        _master.Dispose();
    }

    private static int Check(int result) =>
        result >= 0 ? result : throw new InvalidOperationException($"no pseudo terminal: errno {Marshal.GetLastPInvokeError()}");

    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Rows, Columns, Width, Height;
    }

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    private static partial int OpenMaster(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    private static partial int Grant(SafeFileHandle master);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    private static partial int Unlock(SafeFileHandle master);

    [LibraryImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    private static partial int SlaveName(SafeFileHandle master, byte[] name, nuint length);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle master, ulong request, in WindowSize size);
}

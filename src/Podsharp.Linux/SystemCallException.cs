using System.Runtime.InteropServices;

namespace Podsharp.Linux;

/// <summary>A system call failed; the message names the call, its object and the kernel's reason.</summary>
public sealed class SystemCallException(string call, int errorNumber)
    : IOException($"{call}: {Marshal.GetPInvokeErrorMessage(errorNumber)}")
{
    public int ErrorNumber { get; } = errorNumber;

    /// <summary>The kernel's words for it alone.</summary>
    public string Reason { get; } = Marshal.GetPInvokeErrorMessage(errorNumber);

    /// <summary>For the P/Invoke that just failed on this thread.</summary>
    public static SystemCallException Last(string call) => new(call, Marshal.GetLastPInvokeError());
}

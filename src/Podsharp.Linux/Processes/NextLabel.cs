using System.Text;

namespace Podsharp.Linux.Processes;

/// <summary>
/// The label of SELinux that a child of this thread gets with its program (setexeccon(3)), as long as this is not disposed; by the same thread.
/// A kernel that refuses it leaves things as they are.
/// </summary>
internal sealed class NextLabel : IDisposable
{
    private const string Attribute = "/proc/thread-self/attr/exec";

    public NextLabel(string label) => Write(Encoding.ASCII.GetBytes(label));

    // A write of nothing but the line's end takes the wish back.
    public void Dispose() => Write("\n"u8);

    private static void Write(ReadOnlySpan<byte> text)
    {
        try
        {
            using var file = new FileStream(Attribute, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            file.Write(text);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // The child has the label of its parent, as without the wish.
        }
    }
}

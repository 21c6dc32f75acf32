using System.Runtime.InteropServices;

namespace Podsharp.Linux.Files;

/// <summary>Flags of open(2); some of them differ between architectures.</summary>
public static class FileFlags
{
    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int ReadWrite = 2;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int Truncate = 0x200;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int PathOnly = 0x200000;

    private static readonly bool Arm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    public static int Directory { get; } = Arm ? 0x4000 : 0x10000;

    public static int NoFollow { get; } = Arm ? 0x8000 : 0x20000;

    /// <summary>A new file without a name, in the directory of this path (O_TMPFILE).</summary>
    public static int Unnamed { get; } = 0x400000 | Directory;
}

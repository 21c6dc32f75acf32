using System.Runtime.InteropServices;
using System.Text;

namespace Podsharp.Linux.Processes;

/// <summary>A null-terminated array of C strings (argv, envp) in one block.</summary>
internal readonly unsafe ref struct NativeStrings
{
    private readonly byte* _block;

    public NativeStrings(string? first, IReadOnlyList<string> rest)
    {
        var lead = first is null ? 0 : 1;
        var count = rest.Count + lead;
        var bytes = first is null ? 0 : Encoding.UTF8.GetMaxByteCount(first.Length) + 1;
        foreach (var text in rest) bytes += Encoding.UTF8.GetMaxByteCount(text.Length) + 1;

        var pointers = (count + 1) * sizeof(byte*);
        _block = (byte*)NativeMemory.Alloc((nuint)(pointers + bytes));
        var array = (byte**)_block;
        var next = _block + pointers;
        var end = next + bytes;
        for (var i = 0; i < count; i++)
        {
            array[i] = next;
            var text = i < lead ? first! : rest[i - lead];
            next += Encoding.UTF8.GetBytes(text, new Span<byte>(next, (int)(end - next)));
            *next++ = 0;
        }

        array[count] = null;
    }

    public byte** Array => (byte**)_block;

    public void Dispose() => NativeMemory.Free(_block);
}

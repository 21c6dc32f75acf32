using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using System.Text;

namespace Podsharp.Linux.Files;

/// <summary>
/// Paths as text without loss. Linux names are bytes; what is not UTF-8 becomes a lone low surrogate (U+DC80 + the byte's low
/// seven bits, as PEP 383 has it) and goes back to the same byte.
/// </summary>
public static class PathText
{
    private const char Escape = '\uDC00';

    public static string FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes)) return Encoding.UTF8.GetString(bytes);
        var text = new StringBuilder(bytes.Length);
        Span<char> pair = stackalloc char[2];
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var used) == System.Buffers.OperationStatus.Done)
            {
                text.Append(pair[..rune.EncodeToUtf16(pair)]);
            }
            else
            {
                for (var i = 0; i < used; i++) text.Append((char)(Escape + bytes[i]));
            }

            bytes = bytes[used..];
        }

        return text.ToString();
    }

    public static byte[] ToBytes(string text)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        return bytes[..Encode(text, bytes)];
    }

    internal static int Encode(ReadOnlySpan<char> text, Span<byte> target)
    {
        if (!text.ContainsAnyInRange('\uDC80', '\uDCFF')) return Encoding.UTF8.GetBytes(text, target);
        var length = 0;
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var used) == System.Buffers.OperationStatus.Done)
            {
                length += rune.EncodeToUtf8(target[length..]);
            }
            else
            {
                target[length++] = (byte)(text[0] - Escape);
                used = 1;
            }

            text = text[used..];
        }

        return length;
    }
}

/// <summary>Hands a <see cref="PathText"/> to the kernel, on the stack where it is short.</summary>
[CustomMarshaller(typeof(string), MarshalMode.ManagedToUnmanagedIn, typeof(In))]
internal static unsafe class PathMarshaller
{
    public ref struct In
    {
        private byte* _bytes;
        private bool _allocated;

        public static int BufferSize => 512;

        public void FromManaged(string? text, Span<byte> buffer)
        {
            if (text is null) return;
            if (text.Contains('\0', StringComparison.Ordinal)) throw new SystemCallException("path with a zero byte", ErrorNumber.Invalid);
            var size = Encoding.UTF8.GetMaxByteCount(text.Length) + 1;
            if (size > buffer.Length)
            {
                _bytes = (byte*)NativeMemory.Alloc((nuint)size);
                _allocated = true;
                buffer = new Span<byte>(_bytes, size);
            }
            else
            {
                _bytes = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(buffer));
            }

            buffer[PathText.Encode(text, buffer)] = 0;
        }

        public readonly byte* ToUnmanaged() => _bytes;

        public readonly void Free()
        {
            if (_allocated) NativeMemory.Free(_bytes);
        }
    }
}

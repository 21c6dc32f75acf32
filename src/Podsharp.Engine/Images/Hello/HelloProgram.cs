using System.Buffers.Binary;
using System.Text;
using Podsharp.Core.Errors;

namespace Podsharp.Engine.Images.Hello;

/// <summary>
/// The greeter as a static ELF64 executable of a few hundred bytes: write(1, text, length), then exit_group(0), or 1 when not
/// the whole text could be written. One segment, header and all, is mapped read-only and executable.
/// </summary>
internal static class HelloProgram
{
    private const ulong LoadAddress = 0x400000;
    private const int HeaderSize = 64;
    private const int SegmentHeaderSize = 56;
    private const int SegmentCount = 2;
    private const int CodeOffset = HeaderSize + SegmentCount * SegmentHeaderSize;
    private const ushort MachineX86 = 62;
    private const ushort MachineArm = 183;

    /// <param name="architecture">Go's name: amd64 or arm64.</param>
    public static byte[] Build(string architecture, string text)
    {
        var message = Encoding.UTF8.GetBytes(text);
        // The arm64 code holds the length in one 16-bit move.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(message.Length, ushort.MaxValue, nameof(text));
        var (machine, code) = architecture switch
        {
            "amd64" => (MachineX86, X86Code(message.Length)),
            "arm64" => (MachineArm, ArmCode(message.Length)),
            _ => throw EngineException.NotSupported($"there is no hello image for the architecture \"{architecture}\": it is made for amd64 and arm64"),
        };

        var program = new byte[CodeOffset + code.Length + message.Length];
        WriteHeaders(program, machine);
        code.CopyTo(program, CodeOffset);
        message.CopyTo(program, CodeOffset + code.Length);
        return program;
    }

    private static void WriteHeaders(Span<byte> program, ushort machine)
    {
        // e_ident: magic, 64 bit, little endian, version 1, System V.
        new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0 }.CopyTo(program);
        Half(program, 16, 2); // e_type: EXEC
        Half(program, 18, machine);
        Word(program, 20, 1); // e_version
        Long(program, 24, LoadAddress + CodeOffset); // e_entry
        Long(program, 32, HeaderSize); // e_phoff
        Half(program, 52, HeaderSize);
        Half(program, 54, SegmentHeaderSize);
        Half(program, 56, SegmentCount);
        Half(program, 58, 64); // e_shentsize, though there are no sections

        var load = program[HeaderSize..];
        Word(load, 0, 1); // PT_LOAD
        Word(load, 4, 5); // read, execute
        Long(load, 16, LoadAddress);
        Long(load, 24, LoadAddress);
        Long(load, 32, (ulong)program.Length);
        Long(load, 40, (ulong)program.Length);
        Long(load, 48, 0x10000); // arm64 kernels may have pages of 64 KiB

        var stack = load[SegmentHeaderSize..];
        Word(stack, 0, 0x6474e551); // PT_GNU_STACK: without it some kernels make the stack executable
        Word(stack, 4, 6); // read, write
        Long(stack, 48, 16);
    }

    private static byte[] X86Code(int length)
    {
        byte[] code =
        [
            0xb8, 1, 0, 0, 0,             // mov eax, 1 (write)
            0xbf, 1, 0, 0, 0,             // mov edi, 1
            0x48, 0x8d, 0x35, 0, 0, 0, 0, // lea rsi, [rip + text]
            0xba, 0, 0, 0, 0,             // mov edx, length
            0x0f, 0x05,                   // syscall
            0x31, 0xff,                   // xor edi, edi
            0x3d, 0, 0, 0, 0,             // cmp eax, length
            0x40, 0x0f, 0x95, 0xc7,       // setne dil
            0xb8, 0xe7, 0, 0, 0,          // mov eax, 231 (exit_group)
            0x0f, 0x05,                   // syscall
        ];
        Word(code, 13, (uint)code.Length - 17);
        Word(code, 18, (uint)length);
        Word(code, 27, (uint)length);
        return code;
    }

    private static byte[] ArmCode(int length)
    {
        const int textAddress = 1;
        uint[] words =
        [
            0xd2800020,                       // mov x0, #1
            0,                                // adr x1, text
            0xd2800002 | (uint)length << 5,   // mov x2, #length
            0xd2800808,                       // mov x8, #64 (write)
            0xd4000001,                       // svc #0
            0xd2800003 | (uint)length << 5,   // mov x3, #length
            0xeb03001f,                       // cmp x0, x3
            0x9a9f07e0,                       // cset x0, ne
            0xd2800bc8,                       // mov x8, #94 (exit_group)
            0xd4000001,                       // svc #0
        ];
        // The text is a whole number of words away, so the two low bits of the distance (immlo) are zero.
        words[textAddress] = 0x10000001 | (uint)(words.Length - textAddress) << 5;

        var code = new byte[words.Length * 4];
        for (var i = 0; i < words.Length; i++) Word(code, i * 4, words[i]);
        return code;
    }

    private static void Half(Span<byte> bytes, int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(bytes[offset..], value);

    private static void Word(Span<byte> bytes, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes[offset..], value);

    private static void Long(Span<byte> bytes, int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(bytes[offset..], value);
}

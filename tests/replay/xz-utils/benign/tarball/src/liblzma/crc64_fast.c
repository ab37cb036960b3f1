/* Two ways to compute a checksum; the resolver asks the processor which it can do, and nothing else. */
#include <cpuid.h>
#include <stddef.h>
#include <stdint.h>

extern uint64_t lzma_crc64(const uint8_t *buf, size_t size, uint64_t crc);

typedef uint64_t (*crc64_func_type)(const uint8_t *, size_t, uint64_t);

static uint64_t crc64_generic(const uint8_t *buf, size_t size, uint64_t crc)
{
	while (size-- > 0)
		crc = (crc >> 8) ^ (*buf++ ^ (crc & 0xFF));
	return crc;
}

static uint64_t crc64_clmul(const uint8_t *buf, size_t size, uint64_t crc)
{
	return crc64_generic(buf, size, crc);
}

static int is_arch_extension_supported(void)
{
	uint32_t r[4];
	if (!__get_cpuid(1, &r[0], &r[1], &r[2], &r[3]))
		return 0;
	const uint32_t ecx_mask = (1U << 1) | (1U << 9) | (1U << 19);
	return (r[2] & ecx_mask) == ecx_mask;
}

static crc64_func_type crc64_resolve(void)
{
	return is_arch_extension_supported() ? &crc64_clmul : &crc64_generic;
}

extern uint64_t lzma_crc64(const uint8_t *buf, size_t size, uint64_t crc)
	__attribute__((__ifunc__("crc64_resolve")));
